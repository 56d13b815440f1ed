import { connect } from 'node:net';
import type { MessageExporter } from './message-exporter.ts';
import { createStreamExporter } from './stream-exporter.ts';

export interface ExporterConfig {
  /** Name or address of the collector; default 127.0.0.1. */
  readonly host?: string;
  /** Default 4739, which IANA registered for IPFIX. */
  readonly port?: number;
}

export const defaultExporterConfig = { host: '127.0.0.1', port: 4739 } as const;

/** Sends messages over one TCP connection (RFC 7011 section 10.4). A lost connection is not made anew. */
export function createTcpExporter(config: ExporterConfig = {}): MessageExporter {
  const { host, port } = { ...defaultExporterConfig, ...config };
  return createStreamExporter({
    name: `tcp ${host}:${port}`,
    open: () => {
      const socket = connect({ host, port, noDelay: true });
      // A collector sends nothing, but only a socket that is read from notices that the other side left.
      return socket.resume();
    },
    opened: 'connect',
  });
}
