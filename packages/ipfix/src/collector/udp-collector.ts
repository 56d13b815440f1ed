import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { IpfixError } from '../ipfix-error.ts';
import { type Collector, type CollectorDeps, createCollectorStats } from './collector.ts';
import { readKernelDrops } from './kernel-drops.ts';
import { createUdpSessions } from './udp-sessions.ts';

export interface UdpCollectorConfig {
  /** Address to listen on; default 127.0.0.1, so that nothing outside this host is heard. `::` hears IPv6 alone. */
  readonly host?: string;
  /** Default 4739, which IANA registered for IPFIX; 0 takes any free one. */
  readonly port?: number;
  /** Receive buffer asked of the system, octets; default 4 MiB. Linux grants at most `net.core.rmem_max`. */
  readonly receiveBufferBytes?: number;
  /** Exporters (address and port) heard at a time; datagrams of further ones are dropped and counted. Default 256. */
  readonly maxSessions?: number;
  /**
   * Forgets an exporter, and its templates with it, that is silent for so long, milliseconds; default 30
   * minutes: exporters repeat their templates more often (RFC 7011 section 8.4).
   */
  readonly sessionIdleMs?: number;
}

export interface UdpCollectorDeps extends CollectorDeps {
  /** For idle sessions; default {@link systemClock}. */
  readonly clock?: Clock;
}

/** Receive buffer of a UDP socket. */
export interface ReceiveBuffer {
  readonly askedBytes: number;
  /**
   * What the system says it granted. Linux doubles what is asked for, to have room for its own bookkeeping, so that
   * twice `askedBytes` means that all was granted.
   */
  readonly grantedBytes: number;
}

export interface UdpCollector extends Collector {
  /** Undefined before `start`. */
  readonly receiveBuffer: ReceiveBuffer | undefined;
  /** Datagrams that the system dropped before they could be read; undefined where it does not say. */
  kernelDrops(): Promise<number | undefined>;
}

export const defaultUdpCollectorConfig = {
  host: '127.0.0.1',
  port: 4739,
  receiveBufferBytes: 4 * 1024 * 1024,
  maxSessions: 256,
  sessionIdleMs: 30 * 60 * 1000,
} as const;

/**
 * Listens for exporters that speak IPFIX over UDP (RFC 7011 section 10.3). A session is one exporter's address and
 * port. Each datagram is handed over as it came; what is in it is the sink's affair.
 */
export function createUdpCollector(config: UdpCollectorConfig, deps: UdpCollectorDeps): UdpCollector {
  const { host, port, receiveBufferBytes, maxSessions, sessionIdleMs } = {
    ...defaultUdpCollectorConfig,
    ...config,
  };
  const clock = deps.clock ?? systemClock;
  const stats = createCollectorStats();
  const sessions = createUdpSessions(
    { maxSessions, sessionIdleMs },
    { openSession: deps.openSession, clock, stats },
  );
  let socket: Socket | undefined;
  let receiveBuffer: ReceiveBuffer | undefined;
  let paused = false;

  function receive(datagram: Uint8Array, { address, port }: RemoteInfo): void {
    const session = paused ? undefined : sessions.of(address, port);
    if (session === undefined) {
      stats.droppedMessages++;
      return;
    }
    session.heardMs = clock.now();
    stats.messages++;
    stats.bytes += datagram.length;
    session.sink.message(datagram);
  }

  return {
    async start() {
      if (socket !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', 'the collector is started already');
      const opening = isIPv6(host) ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4');
      socket = opening;
      await new Promise<void>((resolve, reject) => {
        opening.once('error', (cause) => {
          socket = undefined;
          reject(
            new IpfixError('IPFIX_IO', `cannot listen on udp ${host}:${port}: ${cause.message}`, { cause }),
          );
        });
        opening.bind(port, host, () => resolve());
      });
      opening.removeAllListeners('error');
      // The system reports here what happened to single datagrams; the next ones come all the same.
      opening.on('error', () => {
        stats.droppedMessages++;
      });
      try {
        opening.setRecvBufferSize(receiveBufferBytes);
        receiveBuffer = { askedBytes: receiveBufferBytes, grantedBytes: opening.getRecvBufferSize() };
      } catch (cause) {
        socket = undefined;
        opening.close();
        const message = `no receive buffer of ${receiveBufferBytes} octets: ${(cause as Error).message}`;
        throw new IpfixError('IPFIX_IO', message, { cause });
      }
      opening.on('message', receive);
      sessions.start();
      return { address: opening.address().address, port: opening.address().port };
    },
    async stop() {
      const closing = socket;
      if (closing === undefined) return;
      socket = undefined;
      closing.off('message', receive);
      await new Promise<void>((resolve) => closing.close(() => resolve()));
      sessions.stop();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
    },
    stats,
    get receiveBuffer() {
      return receiveBuffer;
    },
    async kernelDrops() {
      return socket === undefined ? undefined : readKernelDrops(socket.address());
    },
  };
}
