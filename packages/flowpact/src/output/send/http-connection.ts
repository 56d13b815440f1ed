import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { TlsFiles } from './tls-files.ts';

export interface HttpConnectionConfig {
  /** Where requests go: scheme, host and port; its path is put before theirs, and is asked for itself by an empty one. */
  readonly base: URL;
  /** With each request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsFiles;
  /** Time that a request may take up to the end of its answer, milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Octets of an answer that are read. Default 16 MiB. */
  readonly maxAnswerBytes?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** From the base on, without a leading slash; may have a query. Empty: the base as it is, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** What the header Retry-After says, milliseconds from now (RFC 9110, section 10.2.3). */
  readonly retryAfterMs?: number;
}

/** HTTP requests to one server, one after the other over a connection that is kept. Redirections are not followed. */
export interface HttpConnection {
  /** Rejects where there is no whole answer. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** `node:http` and `node:https` rather than fetch, which cannot be given certificates. */
export function createHttpConnection(
  { base, headers, tls = {}, timeoutMs = 60_000, maxAnswerBytes = 16 << 20 }: HttpConnectionConfig,
  { now }: { now(): number },
): HttpConnection {
  const isTls = base.protocol === 'https:';
  const keep = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new HttpsAgent({ ...keep, ...tls }) : new HttpAgent(keep);
  const prefix = base.pathname.replace(/\/$/, '');

  function once(
    { method, path, headers: more, body }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const asking = (isTls ? requestHttps : requestHttp)({
        protocol: base.protocol,
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        method,
        path: path === '' ? `${base.pathname}${base.search}` : `${prefix}/${path}`,
        agent,
        signal,
        headers: {
          ...headers,
          ...more,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
      });
      const timer = setTimeout(
        () => asking.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      asking.once('close', () => clearTimeout(timer));
      asking.once('error', (error: NodeJS.ErrnoException) =>
        reject(asking.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection(error) : error),
      );
      asking.once('response', (response) => readAnswer(response, maxAnswerBytes, now).then(resolve, reject));
      asking.end(body);
    });
  }

  return {
    async request(request, signal) {
      try {
        return await once(request, signal);
      } catch (error) {
        // The server had closed the idle connection just before: no sign that anything is wrong with it.
        if (error instanceof StaleConnection) return once(request, signal);
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

class StaleConnection extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

async function readAnswer(
  response: IncomingMessage,
  maxBytes: number,
  now: () => number,
): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error(`the answer has more than ${maxBytes} octets`);
    }
    chunks.push(chunk);
  }
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now());
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString('utf8'),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** An answer in a few words, for messages. */
export function describeAnswer({ status, text }: HttpAnswer): string {
  const said = text.replace(/\s+/g, ' ').trim();
  return `HTTP ${status}${said === '' ? '' : `: ${said.length > 300 ? `${said.slice(0, 300)}…` : said}`}`;
}
