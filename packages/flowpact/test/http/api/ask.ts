import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';

export interface AskOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: unknown;
  /** Loopback address to ask from. */
  readonly localAddress?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  json(): any;
}

export const portOf = (app: FastifyInstance) => (app.server.address() as AddressInfo).port;

/** Asks a server that listens, with headers that `fetch` does not let one set. */
export async function ask(app: FastifyInstance, path: string, options: AskOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, localAddress = '127.0.0.1' } = options;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  return await new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: '127.0.0.1', port: portOf(app), path, method, localAddress, agent: false },
        headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      async (response) => {
        const bytes = await buffer(response);
        const text = bytes.toString();
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, bytes, text, json: () => JSON.parse(text) });
      },
    );
    asked.on('error', reject);
    asked.end(sent);
  });
}
