import type { Socket } from 'node:net';
import { IpfixError } from '../ipfix-error.ts';
import { createMessageFramer, type MessageFramerConfig } from '../message/framer.ts';
import type { CollectorDeps, ExporterAddress, MutableCollectorStats } from './collector.ts';

export interface StreamSessionsConfig extends MessageFramerConfig {
  readonly transport: Exclude<ExporterAddress['transport'], 'udp'>;
  readonly maxSessions: number;
  readonly idleTimeoutMs: number;
}

/** The sessions of a collector whose exporters each have a connection. */
export interface StreamSessions {
  /** Takes a connection that is ready for data; the session lasts as long as it does. */
  open(socket: Socket): void;
  endAll(): void;
  pause(): void;
  resume(): void;
}

/** @param stats counts what happens; a connection refused is counted here too */
export function createStreamSessions(
  { transport, maxSessions, idleTimeoutMs, ...framing }: StreamSessionsConfig,
  deps: CollectorDeps,
  stats: MutableCollectorStats,
): StreamSessions {
  /** Ends the session of each open socket. */
  const sessions = new Map<Socket, (issue?: IpfixError) => void>();
  let paused = false;

  return {
    open(socket) {
      const { remoteAddress, remotePort } = socket;
      if (remoteAddress === undefined || remotePort === undefined) {
        // The connection was gone before it was accepted.
        socket.destroy();
        return;
      }
      if (sessions.size >= maxSessions) {
        stats.refusedSessions++;
        socket.destroy();
        return;
      }
      const sink = deps.openSession({ transport, address: remoteAddress, port: remotePort });
      const framer = createMessageFramer(framing, {
        onMessage(message) {
          // A sink may stop the collector while a chunk still has messages.
          if (!sessions.has(socket)) return;
          stats.messages++;
          sink.message(message);
        },
      });

      function endSession(issue?: IpfixError): void {
        if (!sessions.delete(socket)) return;
        stats.openSessions--;
        if (issue !== undefined) stats.failedSessions++;
        socket.destroy();
        sink.end?.(issue);
      }

      /** Runs a step of the framer; a garbled stream ends the session. */
      function frame(step: () => void): void {
        try {
          step();
        } catch (error) {
          if (!(error instanceof IpfixError)) throw error;
          endSession(error);
        }
      }

      sessions.set(socket, endSession);
      stats.sessions++;
      stats.openSessions++;
      socket.setTimeout(idleTimeoutMs);
      socket.on('data', (chunk) => {
        if (!sessions.has(socket)) return;
        stats.bytes += chunk.length;
        frame(() => framer.push(chunk));
      });
      socket.on('timeout', () => {
        // A session that we ourselves keep from speaking is not silent.
        if (paused) return;
        endSession(new IpfixError('IPFIX_IDLE', `nothing came from the exporter for ${idleTimeoutMs} ms`));
      });
      socket.on('error', (cause) => {
        endSession(new IpfixError('IPFIX_IO', `the connection broke: ${cause.message}`, { cause }));
      });
      socket.on('end', () => {
        frame(() => framer.end());
        endSession();
      });
      socket.on('close', () => endSession());
      if (paused) socket.pause();
    },
    endAll() {
      for (const endSession of [...sessions.values()]) endSession();
    },
    pause() {
      paused = true;
      for (const socket of sessions.keys()) socket.pause();
    },
    resume() {
      paused = false;
      for (const socket of sessions.keys()) socket.resume();
    },
  };
}
