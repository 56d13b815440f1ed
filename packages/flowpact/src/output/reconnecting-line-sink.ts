import { connect, type Socket } from 'node:net';
import type { Clock } from '@flowpact/ipfix';
import { closeInTime } from './close-in-time.ts';
import type { LineSink } from './line-sink.ts';
import { createStreamLineSink } from './stream-line-sink.ts';

export interface ReconnectingLineSinkConfig {
  readonly host: string;
  readonly port: number;
  /** Time between two attempts to connect, milliseconds. Default 5,000. */
  readonly retryMs?: number;
}

export interface ReconnectingLineSinkDeps {
  readonly clock: Clock;
  /** Told when the receiver cannot be reached and when it can again. */
  onChange(message: string): void;
}

/**
 * Lines over TCP to a receiver that may come and go: what cannot be sent now, because it is away or slow, is dropped
 * and counted. It never has to be waited for.
 */
export function createReconnectingLineSink(
  { host, port, retryMs = 5000 }: ReconnectingLineSinkConfig,
  { clock, onChange }: ReconnectingLineSinkDeps,
): LineSink {
  const name = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const ended = new AbortController();
  let dropped = 0;
  let away = false;
  let sink: LineSink | undefined;
  let closing: Socket | undefined;

  /** Resolves when the connection is over, or could not be had. */
  function connection(): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(port, host);
      closing = socket;
      const abandon = () => socket.destroy();
      ended.signal.addEventListener('abort', abandon, { once: true });
      let reason = 'the connection was closed';
      socket.on('error', ({ message }) => {
        reason = message;
      });
      socket.once('connect', () => {
        ended.signal.removeEventListener('abort', abandon);
        if (away) onChange(`${name} takes lines again`);
        away = false;
        sink = createStreamLineSink(socket, { name, end: true });
      });
      socket.resume();
      socket.once('close', () => {
        sink = undefined;
        ended.signal.removeEventListener('abort', abandon);
        if (!away && !ended.signal.aborted) {
          onChange(
            `${name}: ${reason}; lines are dropped, and another try is made every ${retryMs / 1000} s`,
          );
        }
        away = true;
        resolve();
      });
    });
  }

  async function stayConnected(): Promise<void> {
    while (!ended.signal.aborted) {
      await connection();
      await clock.sleep(retryMs, ended.signal).catch(() => undefined);
    }
  }
  void stayConnected();

  return {
    open: true,
    full: false,
    get dropped() {
      return dropped;
    },
    write(line) {
      if (sink === undefined || !sink.open || sink.full) dropped++;
      else sink.write(line);
    },
    ready: () => Promise.resolve(),
    async close() {
      ended.abort();
      if (sink !== undefined) await closeInTime(sink, clock);
      closing?.destroy();
    },
  };
}
