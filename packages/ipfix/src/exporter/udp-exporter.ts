import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { IpfixError } from '../ipfix-error.ts';
import type { MessageExporter } from './message-exporter.ts';
import { defaultExporterConfig, type ExporterConfig } from './tcp-exporter.ts';

export interface UdpExporter extends MessageExporter {
  /** Datagrams that the collector's host refused because nobody listens; they are lost, as UDP has it. */
  readonly refused: number;
}

/**
 * Sends each message as one datagram (RFC 7011 section 10.3). `send` gives a promise that resolves when the
 * system has taken the datagram.
 */
export function createUdpExporter(config: ExporterConfig = {}): UdpExporter {
  const { host, port } = { ...defaultExporterConfig, ...config };
  const name = `udp ${host}:${port}`;
  let socket: Socket | undefined;
  let refused = 0;

  const isRefusal = (error: Error) => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  const failed = (cause: Error) => new IpfixError('IPFIX_IO', `${name}: ${cause.message}`, { cause });

  return {
    async start() {
      if (socket !== undefined) throw new IpfixError('IPFIX_BAD_CONFIG', `${name} is started already`);
      const { address, family } = await lookup(host).catch((cause: Error) => {
        throw failed(cause);
      });
      const opening = createSocket(family === 6 ? 'udp6' : 'udp4');
      await new Promise<void>((resolve, reject) => {
        opening.once('error', (cause) => reject(failed(cause)));
        opening.connect(port, address, () => {
          opening.removeAllListeners('error');
          resolve();
        });
      });
      // What a send runs into comes through its callback; only refusals of earlier datagrams arrive here.
      opening.on('error', () => {
        refused++;
      });
      socket = opening;
    },
    send(message) {
      const open = socket;
      if (open === undefined) {
        throw new IpfixError('IPFIX_NOT_CONNECTED', `${name} is not open: call start() and wait for it`);
      }
      return new Promise((resolve, reject) => {
        open.send(message, (error) => {
          if (error !== null && !isRefusal(error)) return reject(failed(error));
          if (error !== null) refused++;
          resolve();
        });
      });
    },
    async stop() {
      const closing = socket;
      socket = undefined;
      if (closing !== undefined) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    get refused() {
      return refused;
    },
  };
}
