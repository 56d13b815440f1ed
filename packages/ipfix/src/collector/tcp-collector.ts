import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { IpfixError } from '../ipfix-error.ts';
import { createMessageFramer } from '../message/framer.ts';
import { type Collector, type CollectorDeps, createCollectorStats } from './collector.ts';

export interface TcpCollectorConfig {
  /** Address to listen on; default 127.0.0.1, so that nothing outside this host is heard. */
  readonly host?: string;
  /** Default 4739, which IANA registered for IPFIX; 0 takes any free one. */
  readonly port?: number;
  /** Connections open at a time; further ones are closed at once and counted. Default 256. */
  readonly maxSessions?: number;
  /** Ends a connection that is silent for so long, milliseconds; 0, the default, waits for ever. */
  readonly idleTimeoutMs?: number;
  /** Longest message accepted, octets; default 65,535. A session holds one message at most. */
  readonly maxMessageLength?: number;
}

export const defaultTcpCollectorConfig = {
  host: '127.0.0.1',
  port: 4739,
  maxSessions: 256,
  idleTimeoutMs: 0,
} as const;

/**
 * Listens for exporters that speak IPFIX over TCP (RFC 7011 section 10.4). A stream that is no IPFIX ends its own
 * session alone.
 */
export function createTcpCollector(config: TcpCollectorConfig, deps: CollectorDeps): Collector {
  const { host, port, maxSessions, idleTimeoutMs, ...framing } = { ...defaultTcpCollectorConfig, ...config };
  const stats = createCollectorStats();
  /** Ends the session of each open socket. */
  const sessions = new Map<Socket, (issue?: IpfixError) => void>();
  let server: Server | undefined;
  let paused = false;

  function openSession(socket: Socket): void {
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
    const sink = deps.openSession({ transport: 'tcp', address: remoteAddress, port: remotePort });
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
  }

  return {
    async start() {
      if (server !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', 'the collector is started already');
      const opening = createServer({ keepAlive: true }, openSession);
      server = opening;
      await new Promise<void>((resolve, reject) => {
        opening.once('error', (cause) => {
          server = undefined;
          reject(
            new IpfixError('IPFIX_IO', `cannot listen on tcp ${host}:${port}: ${cause.message}`, { cause }),
          );
        });
        opening.listen(port, host, () => resolve());
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
      for (const endSession of [...sessions.values()]) endSession();
      await closed;
    },
    pause() {
      paused = true;
      for (const socket of sessions.keys()) socket.pause();
    },
    resume() {
      paused = false;
      for (const socket of sessions.keys()) socket.resume();
    },
    stats,
  };
}
