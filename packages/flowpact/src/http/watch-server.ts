import type { AddressInfo } from 'node:net';
import type { Party } from '@flowpact/event';
import fastify from 'fastify';
import { FlowpactError } from '../flowpact-error.ts';
import type { ApiConfig } from './api/api-config.ts';
import { addApi } from './api/api-plugin.ts';
import type { ApiSource } from './api/api-source.ts';
import type { MitigationSource } from './api/mitigation-source.ts';

export interface WatchServerConfig extends Omit<ApiConfig, 'host'> {
  /** 0: any that is free. */
  readonly port: number;
}

export interface WatchServerDeps {
  readonly source: ApiSource;
  /** Left out: there is no response. */
  readonly mitigations?: MitigationSource;
  readonly self: Party;
  onError(error: Error): void;
}

/** The API and the page on loopback, for as long as a command runs. */
export interface WatchServer {
  /** @returns the URL of the page. @throws FlowpactError `FLOWPACT_NETWORK`. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';

export function createWatchServer(config: WatchServerConfig, deps: WatchServerDeps): WatchServer {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    requestTimeout: 10_000,
    connectionTimeout: 60_000,
  });
  return {
    async start() {
      await addApi(
        app,
        { ...config, host },
        {
          ...deps,
          now: Date.now,
          every(ms, tick) {
            const timer = setInterval(tick, ms);
            return () => clearInterval(timer);
          },
        },
      );
      try {
        await app.listen({ host, port: config.port });
      } catch (cause) {
        // Its clocks would keep the process alive.
        await app.close();
        const why = (cause as Error).message;
        throw new FlowpactError(
          'FLOWPACT_NETWORK',
          `cannot listen on http://${host}:${config.port}: ${why}`,
          {
            cause,
          },
        );
      }
      return `http://${host}:${(app.server.address() as AddressInfo).port}/`;
    },
    stop: () => app.close() as unknown as Promise<void>,
  };
}
