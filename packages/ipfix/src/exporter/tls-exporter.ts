import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '../collector/tls-files.ts';
import type { MessageExporter } from './message-exporter.ts';
import { createStreamExporter } from './stream-exporter.ts';
import { defaultExporterConfig, type ExporterConfig } from './tcp-exporter.ts';

export interface TlsExporterConfig extends ExporterConfig, TlsFiles {
  /** Default 4740, which IANA registered for IPFIX over TLS. */
  readonly port?: number;
  /** Name that the collector's certificate must be for; default: `host`. */
  readonly serverName?: string;
}

/**
 * Sends messages over one TLS connection (RFC 7011 section 11). The collector's certificate must come from the
 * authorities in `authorityFile` (default: those that Node knows) and be for its name. A collector that does not
 * accept the exporter's own certificate ends the connection, with TLS 1.3 only after `start` has resolved: then
 * the next `send` or `stop` fails. A lost connection is not made anew.
 */
export function createTlsExporter(config: TlsExporterConfig = {}): MessageExporter {
  const { host, port, serverName, ...files } = { ...defaultExporterConfig, port: 4740, ...config };
  const name = serverName ?? host;
  return createStreamExporter({
    name: `tls ${host}:${port}`,
    open: () => {
      // A server name is a name: addresses are compared with the certificate, but not sent (RFC 6066 section 3).
      const servername = isIP(name) === 0 ? name : '';
      const socket = connect({ ...readTlsFiles(files), host, port, servername });
      socket.setNoDelay(true);
      // A collector sends nothing, but only a socket that is read from notices that the other side left.
      return socket.resume();
    },
    opened: 'secureConnect',
  });
}
