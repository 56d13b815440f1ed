import type { AddressInfo, Server, Socket } from 'node:net';
import { IpfixError } from '../ipfix-error.ts';
import {
  type Collector,
  type CollectorDeps,
  createCollectorStats,
  type MutableCollectorStats,
} from './collector.ts';
import { createStreamSessions, type StreamSessions, type StreamSessionsConfig } from './stream-sessions.ts';

export interface StreamCollectorConfig extends StreamSessionsConfig {
  readonly host: string;
  readonly port: number;
}

/** Makes the server of one transport; it hands connections to `sessions`. */
export type CreateServer = (sessions: StreamSessions, stats: MutableCollectorStats) => Server;

/** What the collectors of TCP and of TLS have in common. */
export function createStreamCollector(
  { host, port, ...config }: StreamCollectorConfig,
  deps: CollectorDeps,
  create: CreateServer,
): Collector {
  const stats = createCollectorStats();
  const sessions = createStreamSessions(config, deps, stats);
  /** Every connection, also those that are not sessions yet because they shake hands. */
  const connections = new Set<Socket>();
  let server: Server | undefined;

  return {
    async start() {
      if (server !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', 'the collector is started already');
      const opening = create(sessions, stats);
      server = opening;
      opening.on('connection', (socket) => {
        connections.add(socket);
        socket.once('close', () => connections.delete(socket));
      });
      await new Promise<void>((resolve, reject) => {
        opening.once('error', (cause) => {
          server = undefined;
          const message = `cannot listen on ${config.transport} ${host}:${port}: ${cause.message}`;
          reject(new IpfixError('IPFIX_IO', message, { cause }));
        });
        opening.listen({ port, host, ipv6Only: true }, () => resolve());
      });
      opening.removeAllListeners('error');
      // One connection could not be accepted, for want of file descriptors say; the next ones may.
      opening.on('error', () => {
        stats.refusedSessions++;
      });
      const { address, port: boundPort } = opening.address() as AddressInfo;
      return { address, port: boundPort };
    },
    async stop() {
      const closing = server;
      if (closing === undefined) return;
      server = undefined;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      sessions.endAll();
      for (const socket of connections) socket.destroy();
      await closed;
    },
    pause: sessions.pause,
    resume: sessions.resume,
    stats,
  };
}
