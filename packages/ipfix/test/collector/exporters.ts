import { connect, type Socket } from 'node:net';
import type { ExporterAddress, IpfixError, MessageSink } from '../../src/index.ts';
import { messageOctets, setOctets } from '../message/message-octets.ts';

/** Numbered messages of growing length. */
export const someMessages = (count: number, observationDomainId = 1) =>
  Array.from({ length: count }, (_, i) =>
    messageOctets(
      { sequenceNumber: i, observationDomainId },
      setOctets(
        256,
        Array.from({ length: i % 700 }, () => i & 255),
      ),
    ),
  );

/** One session as a collector showed it. */
export interface SeenSession {
  readonly source: ExporterAddress;
  readonly messages: Uint8Array[];
  ended: boolean;
  issue?: IpfixError;
}

/** Keeps what a collector hands over, and lets tests wait until something is true of it. */
export function createSessionRecorder() {
  const sessions: SeenSession[] = [];
  const waiting: { condition(): boolean; resolve(): void }[] = [];

  function changed(): void {
    for (const waiter of [...waiting]) {
      if (!waiter.condition()) continue;
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve();
    }
  }

  return {
    sessions,
    openSession(source: ExporterAddress): MessageSink {
      const session: SeenSession = { source, messages: [], ended: false };
      sessions.push(session);
      return {
        message(bytes) {
          if (session.ended) throw new Error('a message after the end of its session');
          session.messages.push(Uint8Array.from(bytes));
          changed();
        },
        end(issue) {
          if (session.ended) throw new Error('a session ended twice');
          session.ended = true;
          session.issue = issue;
          changed();
        },
      };
    },
    /** Resolves when the condition holds, at once or after something came. */
    until(condition: () => boolean): Promise<void> {
      if (condition()) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ condition, resolve }));
    },
  };
}

/** A bare TCP connection to a collector. */
export function connectTo(address: { readonly address: string; readonly port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(address.port, address.address, () => resolve(socket));
    socket.once('error', reject);
  });
}

export const closeOf = (socket: Socket) =>
  new Promise<void>((resolve) => socket.once('close', () => resolve()));
