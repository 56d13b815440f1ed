import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWebhookEmitter, type Rule } from '../../../src/index.ts';

const secret = Buffer.from('a secret of both sides');
const clock = { now: () => Date.UTC(2030, 0, 1) };
const rule: Rule = { match: { source: '198.51.100.7/32' }, action: { kind: 'drop' } };

interface Seen {
  readonly method: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

async function started(answer: (seen: Seen) => { status?: number; body?: string; location?: string }) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { method: request.method ?? '', body, headers: request.headers };
    seen.push(one);
    const { status = 200, body: text = '', location } = answer(one);
    response.writeHead(status, location === undefined ? {} : { location }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rules`;
  return { seen, emitter: createWebhookEmitter({ name: 'hook', url, secret }, { clock }) };
}

describe('createWebhookEmitter', () => {
  it('tells what to do, signed, and the same when it is asked again', async () => {
    const { emitter, seen } = await started(() => ({ status: 204 }));
    await emitter.apply(rule, 5_000);
    await emitter.apply(rule, 5_000);
    await emitter.withdraw(rule);
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { action: 'apply', text: 'drop from 198.51.100.7/32', rule, untilMs: 5_000 },
      { action: 'apply', text: 'drop from 198.51.100.7/32', rule, untilMs: 5_000 },
      { action: 'withdraw', text: 'drop from 198.51.100.7/32', rule },
    ]);
    for (const { body, headers } of seen) {
      const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headers;
      const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      expect(timestamp).toBe(String(clock.now() / 1_000));
    }
    const keys = seen.map(({ headers }) => headers['webhook-id']);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('asks what is in force', async () => {
    const rules = [
      { rule, untilMs: 5_000 },
      { rule: { match: { destination: '192.0.2.1' }, action: { kind: 'drop' } } },
    ];
    const { emitter, seen } = await started(() => ({ body: JSON.stringify({ rules }) }));
    expect(await emitter.inForce()).toEqual([
      { rule, untilMs: 5_000 },
      { rule: { match: { destination: '192.0.2.1/32' }, action: { kind: 'drop' } } },
    ]);
    expect(seen[0]).toMatchObject({ method: 'GET', body: '' });
  });

  it.each([
    [{ status: 500, body: 'no' }, 'it answers 500: no'],
    [{ status: 302, location: 'http://192.0.2.1/' }, 'redirect'],
    [{ body: 'x'.repeat(17 * 2 ** 20) }, 'more than'],
    [{ body: 'what?' }, 'no list of rules'],
    [{ body: '{"rules":[{"rule":{}}]}' }, 'no list of rules'],
    [{ body: 'null' }, 'no list of rules'],
  ])('says what went wrong', async (answer, reason) => {
    const { emitter } = await started(() => answer);
    await expect(emitter.inForce()).rejects.toThrow(reason);
  });

  it('says where nobody answers', async () => {
    const emitter = createWebhookEmitter({ name: 'hook', url: 'http://127.0.0.1:1/', secret });
    await expect(emitter.apply(rule, 5_000)).rejects.toThrow(/hook: POST http:\/\/127.0.0.1:1: .+/);
  });

  it.each([
    ['ftp://127.0.0.1/', secret, 'url'],
    ['http://192.0.2.1/', secret, 'url'],
    ['nowhere', secret, 'url'],
    ['https://example.net/', Buffer.from('short'), 'secret'],
  ])('refuses a configuration: %s', (url, given, field) => {
    expect(() => createWebhookEmitter({ name: 'hook', url, secret: given })).toThrow(`webhook: ${field}`);
  });
});
