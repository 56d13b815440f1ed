import type { Socket } from 'node:net';
import { allSent, type Sender } from './sender.ts';

export interface StreamSenderConfig {
  /** Time that a connection may take, milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Time for which the receiver may take nothing at all before the connection is given up, milliseconds. Default 60,000. */
  readonly stallTimeoutMs?: number;
}

export interface StreamSenderDeps {
  /** Begins to connect. */
  connect(): Socket;
  /** What the socket says when it can be written to. */
  readonly readyEvent: 'connect' | 'secureConnect';
  /** An entry as it travels. */
  frame(entry: string): string;
}

/**
 * Entries over a connection on which nothing comes back: lines, or syslog over TCP and TLS.
 *
 * A batch counts as arrived when the system has taken all of it: these protocols have no acknowledgements (RFC 6587,
 * section 5; RFC 5425, section 4), so what is in the buffers of a connection that breaks is lost unnoticed. A batch
 * during which it breaks is sent again as a whole.
 */
export function createStreamSender(
  { connectTimeoutMs = 10_000, stallTimeoutMs = 60_000 }: StreamSenderConfig,
  { connect, readyEvent, frame }: StreamSenderDeps,
): Sender {
  let socket: Socket | undefined;

  function connected(signal: AbortSignal): Promise<Socket> {
    if (socket?.writable) return Promise.resolve(socket);
    return new Promise((resolve, reject) => {
      const opening = connect();
      const giveUp = () => opening.destroy(new Error('stopped'));
      signal.addEventListener('abort', giveUp, { once: true });
      let failure = new Error('the connection was closed');
      opening.on('error', (error) => {
        failure = error;
      });
      opening.setTimeout(connectTimeoutMs, () =>
        opening.destroy(new Error(`no answer within ${connectTimeoutMs / 1000} s`)),
      );
      opening.once('close', () => {
        signal.removeEventListener('abort', giveUp);
        if (socket === opening) socket = undefined;
        reject(failure);
      });
      opening.once(readyEvent, () => {
        opening.setTimeout(0);
        opening.removeAllListeners('timeout');
        socket = opening;
        resolve(opening);
      });
      // Whatever it says, nothing of it is wanted; that it leaves is noticed this way.
      opening.resume();
    });
  }

  return {
    batch: { maxEntries: 1000, maxBytes: 1 << 18 },
    async send(entries, signal) {
      const receiver = await connected(signal);
      const octets = entries.map(frame).join('');
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => receiver.destroy();
        const stalled = () => receiver.destroy(new Error(`takes nothing for ${stallTimeoutMs / 1000} s`));
        signal.addEventListener('abort', giveUp, { once: true });
        receiver.setTimeout(stallTimeoutMs, stalled);
        receiver.write(octets, (error) => {
          signal.removeEventListener('abort', giveUp);
          receiver.setTimeout(0, stalled);
          receiver.off('timeout', stalled);
          // Of a write that a destroyed socket had under way, Node.js says no error.
          if (error || receiver.destroyed) reject(error ?? receiver.errored ?? new Error('stopped'));
          else resolve();
        });
      });
      return allSent;
    },
    async close() {
      const closing = socket;
      if (closing === undefined || closing.destroyed) return;
      await new Promise<void>((resolve) => {
        closing.once('close', () => resolve());
        closing.setTimeout(2000, () => closing.destroy());
        closing.end();
      });
    },
  };
}
