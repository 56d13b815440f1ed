import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpConnection, parseRetryAfter } from '../../../src/output/send/http-connection.ts';
import {
  createWebhookSender,
  parseWebhookSecret,
  signatureHeaders,
  type WebhookSenderConfig,
} from '../../../src/output/send/webhook-sender.ts';

const { signal } = new AbortController();

async function setUp(config: WebhookSenderConfig, path = '/hook?key=1') {
  const got: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const statuses: number[] = [];
  let judge = (_body: string) => statuses.shift() ?? 204;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ url: request.url ?? '', headers: request.headers, body });
    response.writeHead(judge(body)).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const now = () => 1_700_000_000_999;
  const http = createHttpConnection({ base, headers: { authorization: 'Bearer t' } }, { now });
  const sender = createWebhookSender(config, { http, now });
  onTestFinished(() => sender.close());
  return {
    got,
    statuses,
    sender,
    judgeBy(next: (body: string) => number) {
      judge = next;
    },
  };
}

describe('a sender to a webhook', () => {
  it('posts each entry to the very URL, and signs it as Standard Webhooks says', async () => {
    const secret = Buffer.from('0123456789abcdef');
    const { got, sender } = await setUp({ body: 'single', secret });
    expect(sender.batch.maxEntries).toBe(1);
    expect(await sender.send(['{"a":"ü"}'], signal)).toEqual({ rejected: [], unsent: [] });
    const [{ url, headers, body }] = got;
    expect({ url, body }).toEqual({ url: '/hook?key=1', body: '{"a":"ü"}' });
    expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer t' });
    expect(headers['webhook-timestamp']).toBe('1700000000');
    const signed = `${headers['webhook-id']}.1700000000.${body}`;
    const signature = createHmac('sha256', secret).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  });

  it('has the same id for the same body, and no signature without a secret', () => {
    const [one, same, other] = ['a', 'a', 'b'].map((body, i) => signatureHeaders(body, undefined, i * 1e6));
    expect(one['webhook-id']).toBe(same['webhook-id']);
    expect(one['webhook-id']).not.toBe(other['webhook-id']);
    expect(one).not.toHaveProperty('webhook-signature');
  });

  it('signs the example of the specification as it is signed there', () => {
    // Of the libraries for Standard Webhooks: secret, id, time, body and signature.
    const secret = parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
    expect(createHmac('sha256', secret).update(text).digest('base64')).toBe(
      'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
    expect(parseWebhookSecret('plain').toString()).toBe('plain');
  });

  it('puts entries into an array, and finds the one that is refused', async () => {
    const { got, sender, judgeBy } = await setUp({ body: 'batch' });
    judgeBy((body) => (body.includes('bad') ? 422 : 200));
    const entries = ['{"a":1}', '{"a":2}', '{"bad":3}', '{"a":4}'];
    expect(await sender.send(entries, signal)).toEqual({
      rejected: [{ entry: '{"bad":3}', reason: 'HTTP 422' }],
      unsent: [],
    });
    expect(got.map(({ body }) => body)).toEqual([
      '[{"a":1},{"a":2},{"bad":3},{"a":4}]',
      '[{"a":1},{"a":2}]',
      '[{"bad":3},{"a":4}]',
      '[{"bad":3}]',
      '[{"a":4}]',
    ]);
  });

  it.each([500, 503, 429, 401, 404, 302])('sends again after %d', async (status) => {
    const { statuses, sender } = await setUp({ body: 'single' });
    statuses.push(status);
    expect(await sender.send(['{}'], signal)).toEqual({
      rejected: [],
      unsent: ['{}'],
      reason: `HTTP ${status}`,
    });
    expect((await sender.send(['{}'], signal)).unsent).toEqual([]);
  });
});

it.each([
  [undefined, undefined],
  ['120', 120_000],
  ['Mon, 23 Nov 2026 00:00:10 GMT', 10_000],
  ['Mon, 23 Nov 2020 00:00:10 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s', (value, ms) => {
  expect(parseRetryAfter(value, Date.UTC(2026, 10, 23))).toBe(ms);
});
