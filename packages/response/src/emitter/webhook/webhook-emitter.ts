import { createHash, createHmac } from 'node:crypto';
import { type Clock, systemClock } from '../../clock.ts';
import { ResponseError } from '../../response-error.ts';
import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';
import type { Emitter, RuleInForce } from '../emitter.ts';
import { ruleFromJson } from '../rule-from-json.ts';

export interface WebhookEmitterConfig {
  /** Its name in the configuration. */
  readonly name: string;
  /** Where rules are sent by POST and asked for by GET; `http:` only to this host. */
  readonly url: string;
  /** Known to both sides, 16 octets at least; from a file or the environment. */
  readonly secret: Uint8Array;
  /** For each request. Default 10,000. */
  readonly timeoutMs?: number;
}

export interface WebhookEmitterDeps {
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
}

/** Octets at most in an answer. */
const maxAnswerOctets = 16 * 2 ** 20;

/**
 * Rules to a program of somebody's own. `POST url` brings `{"action":"apply","text","rule","untilMs"}` or
 * `{"action":"withdraw","text","rule"}`, and is done when it is answered with 2xx; `GET url` is answered with
 * `{"rules":[{"rule","untilMs"}]}`, all that is in force. Requests are signed as Standard Webhooks 1.0 has it: `webhook-id`,
 * the same where the same is asked again; `webhook-timestamp`, seconds since 1970; `webhook-signature`, `v1,` and the
 * HMAC-SHA-256 of `ID.TIMESTAMP.BODY` in base64, where the body of a GET is empty. Whoever receives them is to end rules
 * at `untilMs`.
 * @throws ResponseError `RESPONSE_BAD_CONFIG`.
 */
export function createWebhookEmitter(
  config: WebhookEmitterConfig,
  { fetch: request = fetch, clock = systemClock }: WebhookEmitterDeps = {},
): Emitter {
  const { name, secret, timeoutMs = 10_000 } = config;
  const url = checkedUrl(config.url);
  if (secret.length < 16) {
    throw new ResponseError('RESPONSE_BAD_CONFIG', 'webhook: secret: it has less than 16 octets');
  }

  async function ask(method: 'GET' | 'POST', body: string, headers: Record<string, string>): Promise<string> {
    const id = `msg_${createHash('sha256').update(body).digest('base64url').slice(0, 27)}`;
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
    try {
      const response = await request(url, {
        method,
        headers: {
          ...headers,
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        ...(method === 'POST' ? { body } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await textOf(response);
      if (response.ok) return text;
      throw new Error(`it answers ${response.status}: ${text.slice(0, 200)}`);
    } catch (cause) {
      // What fetch throws says why only in its cause.
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
      const why = reason instanceof Error ? reason.message : String(reason);
      throw new ResponseError('RESPONSE_EMITTER_FAILED', `${name}: ${method} ${url.origin}: ${why}`, {
        cause,
      });
    }
  }

  async function tell(body: {
    readonly action: string;
    readonly text: string;
    readonly rule: Rule;
    readonly untilMs?: number;
  }): Promise<void> {
    await ask('POST', JSON.stringify(body), { 'content-type': 'application/json' });
  }

  return {
    name,
    kind: 'webhook',
    objection: () => undefined,
    start: async () => {},
    stop: async () => {},
    apply: (rule, untilMs) => tell({ action: 'apply', text: ruleText(rule), rule, untilMs }),
    withdraw: (rule) => tell({ action: 'withdraw', text: ruleText(rule), rule }),
    async inForce() {
      const answer = await ask('GET', '', { accept: 'application/json' });
      try {
        return (JSON.parse(answer) as { readonly rules: readonly RuleInForce[] }).rules.map(
          ({ rule, untilMs }) => ({
            rule: ruleFromJson(rule),
            ...(Number.isSafeInteger(untilMs) ? { untilMs } : {}),
          }),
        );
      } catch (cause) {
        const message = `${name}: GET ${url.origin}: the answer is no list of rules`;
        throw new ResponseError('RESPONSE_EMITTER_FAILED', message, { cause });
      }
    },
  };
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of response.body ?? []) {
    octets += chunk.byteLength;
    if (octets > maxAnswerOctets) throw new Error(`it answers more than ${maxAnswerOctets} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new ResponseError(
    'RESPONSE_BAD_CONFIG',
    `webhook: url: "${text}" is not https://…, nor http:// to this host`,
  );
}
