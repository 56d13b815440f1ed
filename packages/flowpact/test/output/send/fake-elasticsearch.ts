import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a test makes the server answer to an item of a bulk request instead of creating its document. */
export type ItemFault =
  | { readonly status: number; readonly type: string; readonly reason: string }
  | undefined;

export interface FakeElasticsearch {
  readonly url: URL;
  /** Documents by index and `_id`. */
  readonly indices: ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  readonly templates: Map<string, Readonly<Record<string, unknown>>>;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Sizes of the bulk requests, in documents; those that were refused as a whole are not among them. */
  readonly bulks: readonly number[];
  /** The next requests are answered like this instead, one after the other. */
  readonly faults: { status: number; body: string; headers?: Record<string, string> }[];
  /** Asked for each item. */
  itemFault: (document: Readonly<Record<string, unknown>>) => ItemFault;
  stop(): Promise<void>;
}

export interface FakeElasticsearchConfig {
  /** What `Authorization` has to be. */
  readonly authorization?: string;
  /** `http.max_content_length`. */
  readonly maxContentLength?: number;
  readonly tls?: ServerOptions & { readonly key: Buffer; readonly cert: Buffer };
  readonly port?: number;
}

/**
 * A server that answers `_bulk` and `_index_template` as the documentation of Elasticsearch 8 and OpenSearch 2 says,
 * and is as strict: the content type, the newline behind the last line, an action and a document in turn, `_id` and
 * `_index` of the sizes and letters that they may have, an `@timestamp` that is a date.
 */
export async function startFakeElasticsearch(
  config: FakeElasticsearchConfig = {},
): Promise<FakeElasticsearch> {
  const { authorization, maxContentLength = 100 << 20, tls, port = 0 } = config;
  const indices = new Map<string, Map<string, Readonly<Record<string, unknown>>>>();
  const templates = new Map<string, Readonly<Record<string, unknown>>>();
  const requests: string[] = [];
  const bulks: number[] = [];
  const faults: FakeElasticsearch['faults'] = [];
  let itemFault: FakeElasticsearch['itemFault'] = () => undefined;

  function bulk(type: string | undefined, text: string): readonly [number, object] {
    if (type !== 'application/x-ndjson') {
      return [
        406,
        {
          error: { type: 'media_type_header_exception', reason: `Content-Type header [${type}]` },
          status: 406,
        },
      ];
    }
    if (!text.endsWith('\n')) {
      return badRequest(
        'illegal_argument_exception',
        'The bulk request must be terminated by a newline [\\n]',
      );
    }
    const lines = text.slice(0, -1).split('\n');
    if (lines.length % 2 !== 0) return badRequest('illegal_argument_exception', 'a document is missing');
    const items: object[] = [];
    let errors = false;
    for (let i = 0; i < lines.length; i += 2) {
      let action: { readonly create?: { readonly _index?: unknown; readonly _id?: unknown } };
      let document: Readonly<Record<string, unknown>>;
      try {
        action = JSON.parse(lines[i]);
        document = JSON.parse(lines[i + 1]);
      } catch {
        return badRequest('x_content_parse_exception', `Malformed action/metadata line [${i + 1}]`);
      }
      const { _index: index, _id: id } = action.create ?? {};
      if (typeof index !== 'string' || !/^[a-z0-9][a-z0-9._-]{0,254}$/.test(index)) {
        return badRequest('invalid_index_name_exception', `Invalid index name [${index}]`);
      }
      if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > 512) {
        return badRequest('illegal_argument_exception', `id [${id}] is too long`);
      }
      const item = create(index, id, document);
      errors ||= item.status >= 300;
      items.push({ create: { _index: index, _id: id, ...item } });
    }
    bulks.push(items.length);
    return [200, { took: 1, errors, items }];
  }

  function create(index: string, id: string, document: Readonly<Record<string, unknown>>) {
    const fault = itemFault(document);
    if (fault !== undefined) {
      const { status, type, reason } = fault;
      return { status, error: { type, reason } };
    }
    const documents = indices.get(index) ?? new Map();
    indices.set(index, documents);
    if (documents.has(id)) {
      const reason = `[${id}]: version conflict, document already exists (current version [1])`;
      return { status: 409, error: { type: 'version_conflict_engine_exception', reason } };
    }
    if (Number.isNaN(Date.parse(String(document['@timestamp'])))) {
      return {
        status: 400,
        error: {
          type: 'document_parsing_exception',
          reason: 'failed to parse field [@timestamp] of type [date]',
        },
      };
    }
    documents.set(id, document);
    return { _version: 1, result: 'created', _shards: { total: 2, successful: 1, failed: 0 }, status: 201 };
  }

  function template(method: string | undefined, name: string, text: string): readonly [number, object] {
    const found = templates.get(name);
    if (method === 'GET') {
      return found === undefined
        ? [
            404,
            {
              error: {
                type: 'resource_not_found_exception',
                reason: `index template matching [${name}] not found`,
              },
              status: 404,
            },
          ]
        : [200, { index_templates: [{ name, index_template: found }] }];
    }
    const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const known = [
      'index_patterns',
      'priority',
      'version',
      'template',
      'composed_of',
      '_meta',
      'data_stream',
    ];
    const unknown = Object.keys(body).find((key) => !known.includes(key));
    if (unknown !== undefined) return badRequest('x_content_parse_exception', `unknown field [${unknown}]`);
    if (!Array.isArray(body.index_patterns))
      return badRequest('x_content_parse_exception', 'no [index_patterns]');
    templates.set(name, body);
    return [200, { acknowledged: true }];
  }

  async function answer(
    request: IncomingMessage,
  ): Promise<readonly [number, object | string, Record<string, string>?]> {
    const { method, url = '', headers } = request;
    requests.push(`${method} ${url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const octets = Buffer.concat(chunks);
    if (authorization !== undefined && headers.authorization !== authorization) {
      return [
        401,
        { error: { type: 'security_exception', reason: 'missing authentication credentials' }, status: 401 },
      ];
    }
    const fault = faults.shift();
    if (fault !== undefined) return [fault.status, fault.body, fault.headers];
    if (octets.length > maxContentLength) return [413, ''];
    const text = octets.toString('utf8');
    if (method === 'POST' && url === '/_bulk') return bulk(headers['content-type'], text);
    const [, name] = /^\/_index_template\/([^/?]+)$/.exec(url) ?? [];
    if (name !== undefined && (method === 'GET' || method === 'PUT')) return template(method, name, text);
    return badRequest(
      'illegal_argument_exception',
      `no handler found for uri [${url}] and method [${method}]`,
    );
  }

  const handle = (request: IncomingMessage, response: import('node:http').ServerResponse) => {
    void answer(request).then(([status, body, headers = {}]) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(text);
    });
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${bound}`),
    indices,
    templates,
    requests,
    bulks,
    faults,
    get itemFault() {
      return itemFault;
    },
    set itemFault(next) {
      itemFault = next;
    },
    stop,
  };
}

const badRequest = (type: string, reason: string) => [400, { error: { type, reason }, status: 400 }] as const;
