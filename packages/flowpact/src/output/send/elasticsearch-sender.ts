import { describeAnswer, type HttpAnswer, type HttpConnection } from './http-connection.ts';
import { type IndexTemplate, installIndexTemplate } from './index-template.ts';
import type { RejectedEntry, Sender, Sent } from './sender.ts';
import { splitRefused } from './split-refused.ts';

export interface ElasticsearchSenderConfig {
  /** Installed before the first documents where they are missing or of an older version. */
  readonly templates: readonly IndexTemplate[];
  /** Documents in one request. Default 1,000. */
  readonly maxDocuments?: number;
  /** Octets of one request, unless a single document has more. Default 5 MiB. */
  readonly maxRequestBytes?: number;
}

export interface ElasticsearchSenderDeps {
  readonly http: HttpConnection;
  onRemark(text: string): void;
}

/**
 * Documents to Elasticsearch or OpenSearch by their Bulk API. An entry is the two lines of a `create` action, which
 * names its document's index and `_id`.
 *
 * `create` makes repeats harmless: a document that is there already is answered with 409, and counts as arrived. Of a
 * request of which some items failed, those whose failure is the server's (it is busy, the index is blocked, closed, or
 * may not be made) are sent again, the others are rejected, such as one whose fields do not fit the index's mapping.
 */
export function createElasticsearchSender(
  { templates, maxDocuments = 1000, maxRequestBytes = 5 << 20 }: ElasticsearchSenderConfig,
  { http, onRemark }: ElasticsearchSenderDeps,
): Sender {
  let hasTemplates = false;

  async function sendPart(entries: readonly string[], signal: AbortSignal): Promise<Sent | string> {
    const answer = await http.request(
      {
        method: 'POST',
        path: '_bulk',
        headers: { 'content-type': 'application/x-ndjson' },
        body: entries.map((entry) => `${entry}\n`).join(''),
      },
      signal,
    );
    if (answer.status === 200) return itemsOf(answer, entries);
    // Too large, or not to be understood: the server does not say which document it is about.
    if (answer.status === 413 || answer.status === 400) return describeAnswer(answer);
    return { rejected: [], unsent: entries, ...failureOf(answer) };
  }

  return {
    batch: { maxEntries: maxDocuments, maxBytes: maxRequestBytes },
    async send(entries, signal) {
      if (!hasTemplates) {
        for (const template of templates) await installIndexTemplate(template, { http, onRemark, signal });
        hasTemplates = true;
      }
      return splitRefused(entries, (part) => sendPart(part, signal));
    },
    close: async () => http.close(),
  };
}

function failureOf(answer: HttpAnswer): Pick<Sent, 'reason' | 'retryAfterMs'> {
  const { retryAfterMs } = answer;
  return { reason: describeAnswer(answer), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

interface BulkItem {
  readonly status: number;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

/** What became of each entry, from the answer to a request. */
function itemsOf(answer: HttpAnswer, entries: readonly string[]): Sent {
  const items = parseItems(answer.text);
  if (items?.length !== entries.length) {
    throw new Error(
      `not an answer to a bulk request of ${entries.length} documents: ${describeAnswer(answer)}`,
    );
  }
  const rejected: RejectedEntry[] = [];
  const unsent: string[] = [];
  let reason: string | undefined;
  for (const [i, entry] of entries.entries()) {
    const { status, error } = items[i];
    if (isThere(status)) continue;
    const why = `HTTP ${status}: ${error?.type ?? 'no type'}: ${error?.reason ?? 'no reason'}`;
    if (mayComeToBe(items[i])) {
      unsent.push(entry);
      reason ??= why;
    } else rejected.push({ entry, reason: why });
  }
  return { rejected, unsent, ...(reason === undefined ? {} : { reason }) };
}

/** 409: a document of that `_id` was created before. */
const isThere = (status: number) => (status >= 200 && status < 300) || status === 409;

/** Whether the failure is one that somebody can remedy without changing the document. */
const mayComeToBe = ({ status, error }: BulkItem) =>
  status === 429 || status >= 500 || [401, 403, 404].includes(status) || indexErrors.has(error?.type ?? '');

/** Answered with 400, and about the index: it is closed, or the cluster has as many shards as it may have. */
const indexErrors: ReadonlySet<string> = new Set(['index_closed_exception', 'validation_exception']);

function parseItems(text: string): readonly BulkItem[] | undefined {
  try {
    const { items } = JSON.parse(text) as { readonly items?: readonly { readonly create?: BulkItem }[] };
    const created = items?.flatMap(({ create }) => (typeof create?.status === 'number' ? [create] : []));
    return created;
  } catch {
    return undefined;
  }
}
