import { createHash, createHmac } from 'node:crypto';
import { describeAnswer, type HttpConnection } from './http-connection.ts';
import type { Sender, Sent } from './sender.ts';
import { splitRefused } from './split-refused.ts';

export interface WebhookSenderConfig {
  /** `single`: each entry is a request; `batch`: a request is an array of them. */
  readonly body: 'single' | 'batch';
  /** Entries in one request, with `batch`. Default 100. */
  readonly maxEntries?: number;
  /** Octets of one request, with `batch`, unless a single entry has more. Default 1 MiB. */
  readonly maxRequestBytes?: number;
  /** What requests are signed with; left out: they are not. */
  readonly secret?: Buffer;
}

export interface WebhookSenderDeps {
  readonly http: HttpConnection;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Entries, which are JSON texts, as POST requests, signed as Standard Webhooks 1.0 has it: `webhook-id`, the same for
 * the same body, tells repeats apart; `webhook-timestamp` is the time of the attempt, seconds since 1970;
 * `webhook-signature` is `v1,` and the HMAC-SHA-256 of `ID.TIMESTAMP.BODY` in base64.
 *
 * 2xx is success. 400, 413, 415 and 422 are about what was sent, which is rejected after it was halved down to the
 * entry that is refused; after anything else it is sent again.
 */
export function createWebhookSender(
  { body, maxEntries = 100, maxRequestBytes = 1 << 20, secret }: WebhookSenderConfig,
  { http, now }: WebhookSenderDeps,
): Sender {
  async function post(entries: readonly string[], signal: AbortSignal): Promise<Sent | string> {
    const text = body === 'single' ? entries[0] : `[${entries.join(',')}]`;
    const answer = await http.request(
      {
        method: 'POST',
        path: '',
        headers: { 'content-type': 'application/json', ...signatureHeaders(text, secret, now()) },
        body: text,
      },
      signal,
    );
    const { status, retryAfterMs } = answer;
    if (status >= 200 && status < 300) return { rejected: [], unsent: [] };
    const reason = describeAnswer(answer);
    if (refusedForGood.has(status)) return reason;
    return { rejected: [], unsent: entries, reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  return {
    batch: { maxEntries: body === 'single' ? 1 : maxEntries, maxBytes: maxRequestBytes },
    send: (entries, signal) => splitRefused(entries, (part) => post(part, signal)),
    close: async () => http.close(),
  };
}

const refusedForGood: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** @param nowMs milliseconds since 1970 */
export function signatureHeaders(
  body: string,
  secret: Buffer | undefined,
  nowMs: number,
): Readonly<Record<string, string>> {
  const id = `msg_${createHash('sha256').update(body).digest('base64url').slice(0, 27)}`;
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

/** A secret as it stands in a file: `whsec_` and base64, as Standard Webhooks writes it, or any other text as it is. */
export function parseWebhookSecret(text: string): Buffer {
  return text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : Buffer.from(text);
}
