import { createServer } from 'node:tls';
import { IpfixError } from '../ipfix-error.ts';
import type { Collector, CollectorDeps } from './collector.ts';
import { createStreamCollector } from './stream-collector.ts';
import { defaultTcpCollectorConfig, type TcpCollectorConfig } from './tcp-collector.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

export interface TlsCollectorConfig extends TcpCollectorConfig, TlsFiles {
  readonly keyFile: string;
  readonly certificateFile: string;
  /**
   * Exporters must show a certificate of one of these authorities, as RFC 7011 section 11.3 wants it. Without
   * it, any exporter may connect: the stream is secret, but who sends it is not known.
   */
  readonly authorityFile?: string;
  /** Default 4740, which IANA registered for IPFIX over TLS. */
  readonly port?: number;
  /** Ends a connection that has not shaken hands after so long, milliseconds; default 10 seconds. */
  readonly handshakeTimeoutMs?: number;
}

export const defaultTlsCollectorConfig = {
  ...defaultTcpCollectorConfig,
  port: 4740,
  handshakeTimeoutMs: 10_000,
} as const;

/**
 * Listens for exporters that speak IPFIX over TLS 1.2 or later (RFC 7011 section 11). A handshake that fails is
 * counted under `failedHandshakes` and opens no session. DTLS and SCTP are not supported.
 *
 * `start` throws `IPFIX_IO` for a file that cannot be read and `IPFIX_BAD_CONFIG` for a key or certificate that
 * cannot be used.
 */
export function createTlsCollector(config: TlsCollectorConfig, deps: CollectorDeps): Collector {
  const { handshakeTimeoutMs, keyFile, certificateFile, authorityFile, ...listening } = {
    ...defaultTlsCollectorConfig,
    ...config,
  };
  const files = { keyFile, certificateFile, authorityFile };
  const mustShowCertificate = authorityFile !== undefined;

  return createStreamCollector({ ...listening, transport: 'tls' }, deps, (sessions, stats) => {
    const options = {
      ...readTlsFiles(files),
      requestCert: mustShowCertificate,
      rejectUnauthorized: mustShowCertificate,
      handshakeTimeout: handshakeTimeoutMs,
      keepAlive: true,
    };
    try {
      const server = createServer(options, sessions.open);
      // Handshakes under way count too, so that no one can hold more connections by never finishing one.
      server.maxConnections = listening.maxSessions;
      server.on('drop', () => {
        stats.refusedSessions++;
      });
      server.on('tlsClientError', () => {
        stats.failedHandshakes++;
      });
      return server;
    } catch (cause) {
      const message = `the key in ${keyFile} and the certificate in ${certificateFile} cannot be used`;
      throw new IpfixError('IPFIX_BAD_CONFIG', `${message}: ${(cause as Error).message}`, { cause });
    }
  });
}
