import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { DaemonReport } from '../daemon/daemon-report.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { checkAccess, hasTokens } from './api/access.ts';
import type { ApiConfig } from './api/api-config.ts';
import type { ApiError } from './api/api-error.ts';
import { type ApiDeps, addApi } from './api/api-plugin.ts';
import { daemonMetrics } from './daemon-metrics.ts';

export interface HttpServerConfig {
  /** 0: any that is free. */
  readonly port: number;
  /** Who may ask, and what. */
  readonly api: ApiConfig;
}

export interface HttpServerDeps extends Pick<ApiDeps, 'source' | 'mitigations' | 'self' | 'onError'> {
  /** @throws where a part of the daemon does not answer. */
  report(): Promise<DaemonReport>;
}

export interface HttpServer {
  /** @returns the URL. @throws FlowpactError `FLOWPACT_NETWORK`. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** The daemon over HTTP: the page, the API, health and counters. */
export function createHttpServer(
  { port, api }: HttpServerConfig,
  { report, ...deps }: HttpServerDeps,
): HttpServer {
  const { host } = api;
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    requestTimeout: 10_000,
    connectionTimeout: 60_000,
  });
  server.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      const { startedMs } = await report();
      return { status: 'ok', upSeconds: Math.floor((Date.now() - startedMs) / 1000) };
    } catch (error) {
      // Without a token nobody off this host learns more.
      const reason = !hasTokens(api) ? { reason: (error as Error).message } : {};
      return reply.code(503).send({ status: 'failing', ...reason });
    }
  });
  server.get('/metrics', async (request, reply) => {
    try {
      const { host: addressedTo, authorization } = request.headers;
      checkAccess(api, { host: addressedTo, authorization });
    } catch (error) {
      const { statusCode, message } = error as ApiError;
      return reply.code(statusCode).type('text/plain').send(`${message}\n`);
    }
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
      await addApi(server, api, {
        ...deps,
        now: Date.now,
        every(ms, tick) {
          const timer = setInterval(tick, ms);
          return () => clearInterval(timer);
        },
      });
      try {
        await server.listen({ host, port });
      } catch (cause) {
        // Its clocks would keep the process alive.
        await server.close();
        const message = `cannot listen on http://${host}:${port}: ${(cause as Error).message}`;
        throw new FlowpactError('FLOWPACT_NETWORK', message, { cause });
      }
      const { address, port: bound } = server.server.address() as AddressInfo;
      return `http://${address.includes(':') ? `[${address}]` : address}:${bound}`;
    },
    stop: () => server.close() as unknown as Promise<void>,
  };
}
