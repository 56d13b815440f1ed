import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { DaemonReport } from '../daemon/daemon-report.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { daemonMetrics } from './daemon-metrics.ts';

export interface HttpServerDeps {
  /** @throws where a part of the daemon does not answer. */
  report(): Promise<DaemonReport>;
}

export interface HttpServer {
  /** @returns the URL. @throws FlowpactError `FLOWPACT_NETWORK`. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** Health and counters of the daemon over HTTP: what changes nothing and tells nobody's secrets. */
export function createHttpServer(
  { host, port }: { readonly host: string; readonly port: number },
  { report }: HttpServerDeps,
): HttpServer {
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 1024,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
  });
  server.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      const { startedMs } = await report();
      return { status: 'ok', upSeconds: Math.floor((Date.now() - startedMs) / 1000) };
    } catch (error) {
      return reply.code(503).send({ status: 'failing', reason: (error as Error).message });
    }
  });
  server.get('/metrics', async (_request, reply) => {
    try {
      const { text, contentType } = await daemonMetrics(await report());
      return reply.type(contentType).send(text);
    } catch (error) {
      return reply
        .code(503)
        .type('text/plain')
        .send(`${(error as Error).message}\n`);
    }
  });
  return {
    async start() {
      try {
        await server.listen({ host, port });
      } catch (cause) {
        const message = `cannot listen on http://${host}:${port}: ${(cause as Error).message}`;
        throw new FlowpactError('FLOWPACT_NETWORK', message, { cause });
      }
      const { address, port: bound } = server.server.address() as AddressInfo;
      return `http://${address.includes(':') ? `[${address}]` : address}:${bound}`;
    },
    stop: () => server.close() as unknown as Promise<void>,
  };
}
