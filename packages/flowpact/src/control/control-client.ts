import { request } from 'node:http';
import { type MessageRef, messageFromJson, stringifyEvent } from '@flowpact/event';
import type { ExchangeOffice } from '../exchange/exchange-office.ts';
import { FlowpactError, type FlowpactErrorCode } from '../flowpact-error.ts';

export interface ControlClientConfig {
  /** Of the daemon's unix socket. */
  readonly path: string;
  /** How long an answer may take, milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/**
 * The office of a daemon that runs on this host.
 * @returns undefined where none answers
 */
export async function connectOffice(config: ControlClientConfig): Promise<ExchangeOffice | undefined> {
  const ask = asker(config);
  const done = async (path: string, reference: MessageRef) =>
    (await ask<{ done: boolean }>('POST', path, { reference }))?.done === true;
  try {
    await ask('GET', '/alive');
  } catch (error) {
    if (error instanceof FlowpactError && error.code === 'FLOWPACT_DAEMON') return undefined;
    throw error;
  }
  return {
    outbox: async () => (await ask('GET', '/outbox')) ?? [],
    inbox: async () => (await ask('GET', '/inbox')) ?? [],
    conversations: async () => (await ask('GET', '/conversations')) ?? [],
    async message(reference) {
      const found = await ask<{ message: string }>('POST', '/message', { reference });
      return found === undefined ? undefined : messageFromJson(found.message);
    },
    retry: (reference) => done('/retry', reference),
    drop: (reference) => done('/drop', reference),
    async send(event, to, language) {
      const body = { to, event: stringifyEvent(event), language };
      const reference = await ask<MessageRef>('POST', '/send', body);
      if (reference === undefined) throw new FlowpactError('FLOWPACT_DAEMON', 'the daemon gave no answer');
      return reference;
    },
    async ask(event, asks, to) {
      const body = { to, event: stringifyEvent(event), asks };
      const reference = await ask<MessageRef>('POST', '/ask', body);
      if (reference === undefined) throw new FlowpactError('FLOWPACT_DAEMON', 'the daemon gave no answer');
      return reference;
    },
    withdraw: (reference, reason) => ask<MessageRef>('POST', '/withdraw', { reference, reason }),
    answer: (reference, answer) => ask<MessageRef>('POST', '/answer', { reference, answer }),
  };
}

export type Ask = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T | undefined>;

/** Whether a daemon answers there. */
export async function isAnswered(path: string): Promise<boolean> {
  return (await connectOffice({ path })) !== undefined;
}

/** Undefined is what is not there (404). */
export function asker({ path: socketPath, timeoutMs = 30_000 }: ControlClientConfig): Ask {
  return <T>(method: 'GET' | 'POST', path: string, body?: unknown) =>
    new Promise<T | undefined>((resolve, reject) => {
      const asked = request(
        { socketPath, method, path, headers: { 'content-type': 'application/json' }, timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            if (response.statusCode === 404) return resolve(undefined);
            const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
            if (response.statusCode === 200) return resolve(answer as T);
            const { code, message } = answer as { code: FlowpactErrorCode; message: string };
            reject(Object.assign(new Error(message), { code }));
          });
        },
      );
      asked.once('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      asked.once('error', (cause: Error) => {
        const message = `the daemon does not answer at ${socketPath}: ${cause.message}`;
        reject(new FlowpactError('FLOWPACT_DAEMON', message, { cause }));
      });
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
