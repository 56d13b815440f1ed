import { createServer } from 'node:net';
import type { Collector, CollectorDeps } from './collector.ts';
import { createStreamCollector } from './stream-collector.ts';

export interface TcpCollectorConfig {
  /** Address to listen on; default 127.0.0.1, so that nothing outside this host is heard. `::` hears IPv6 alone. */
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
  return createStreamCollector(
    { ...defaultTcpCollectorConfig, ...config, transport: 'tcp' },
    deps,
    (sessions) => createServer({ keepAlive: true }, sessions.open),
  );
}
