import { readFileSync } from 'node:fs';
import { systemClock } from '@flowpact/ipfix';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemTool } from '../../../../../test/system-tool.ts';
import { indexTemplates } from '../../../src/output/format/index-templates.ts';
import {
  createElasticsearchSender,
  type ElasticsearchSenderConfig,
} from '../../../src/output/send/elasticsearch-sender.ts';
import { createHttpConnection, type HttpConnectionConfig } from '../../../src/output/send/http-connection.ts';
import { selfSigned } from '../../cli/tls-files.ts';
import { temporaryFolder } from '../../cli/workspace.ts';
import {
  type FakeElasticsearch,
  type FakeElasticsearchConfig,
  startFakeElasticsearch,
} from './fake-elasticsearch.ts';

const folder = temporaryFolder();
const openssl = systemTool('openssl', 'openssl');
const { signal } = new AbortController();

function connect(
  server: FakeElasticsearch,
  config: Partial<ElasticsearchSenderConfig> = {},
  http: Partial<HttpConnectionConfig> = {},
) {
  const remarks: string[] = [];
  const sender = createElasticsearchSender(
    { templates: [], ...config },
    {
      http: createHttpConnection({ base: server.url, headers: {}, ...http }, systemClock),
      onRemark: (text) => remarks.push(text),
    },
  );
  onTestFinished(() => sender.close());
  return { sender, remarks };
}

const entry = (id: number | string, fields: object = {}) =>
  `${JSON.stringify({ create: { _index: 'flowpact-events-2026.11.23', _id: String(id) } })}\n` +
  JSON.stringify({ '@timestamp': '2026-11-23T00:00:00.000Z', id, ...fields });

const documents = (server: FakeElasticsearch) => [
  ...(server.indices.get('flowpact-events-2026.11.23')?.keys() ?? []),
];

async function setUp(config: FakeElasticsearchConfig = {}, sender: Partial<ElasticsearchSenderConfig> = {}) {
  const server = await startFakeElasticsearch(config);
  return { server, ...connect(server, sender) };
}

describe('a sender to Elasticsearch', () => {
  it('creates documents, and takes repeats for what they are', async () => {
    const { server, sender } = await setUp();
    expect(await sender.send([entry(1), entry(2, { text: 'über\nzwei Zeilen' })], signal)).toEqual({
      rejected: [],
      unsent: [],
    });
    expect(await sender.send([entry(2), entry(3)], signal)).toEqual({ rejected: [], unsent: [] });
    expect(documents(server)).toEqual(['1', '2', '3']);
    expect(server.indices.get('flowpact-events-2026.11.23')?.get('2')).toMatchObject({
      text: 'über\nzwei Zeilen',
    });
    expect(server.requests).toEqual(['POST /_bulk', 'POST /_bulk']);
  });

  it('tells items that may succeed later from those that never will', async () => {
    const { server, sender } = await setUp();
    const faults = [
      undefined,
      {
        status: 429,
        type: 'es_rejected_execution_exception',
        reason: 'rejected execution of coordinating operation',
      },
      { status: 400, type: 'document_parsing_exception', reason: 'failed to parse field [a] of type [long]' },
      { status: 503, type: 'unavailable_shards_exception', reason: 'primary shard is not active' },
      { status: 403, type: 'cluster_block_exception', reason: 'index read-only / allow delete (api)' },
      {
        status: 400,
        type: 'validation_exception',
        reason: 'this cluster currently has [1000]/[1000] shards open',
      },
      { status: 400, type: 'index_closed_exception', reason: 'closed' },
      { status: 404, type: 'index_not_found_exception', reason: 'no such index' },
      { status: 400, type: 'strict_dynamic_mapping_exception', reason: 'introduction of [b]' },
    ];
    server.itemFault = ({ id }) => faults[Number(id)];
    const entries = faults.map((_fault, id) => entry(id));
    expect(await sender.send(entries, signal)).toEqual({
      rejected: [
        {
          entry: entry(2),
          reason: 'HTTP 400: document_parsing_exception: failed to parse field [a] of type [long]',
        },
        { entry: entry(8), reason: 'HTTP 400: strict_dynamic_mapping_exception: introduction of [b]' },
      ],
      unsent: [1, 3, 4, 5, 6, 7].map((id) => entry(id)),
      reason: 'HTTP 429: es_rejected_execution_exception: rejected execution of coordinating operation',
    });
    expect(documents(server)).toEqual(['0']);
  });

  it('halves what is too large, and rejects what is too large alone', async () => {
    const { server, sender } = await setUp({ maxContentLength: 400 });
    const large = entry('large', { text: 'x'.repeat(500) });
    const sent = await sender.send([entry(1), entry(2), large, entry(3), entry(4), entry(5)], signal);
    expect(sent).toEqual({ rejected: [{ entry: large, reason: 'HTTP 413' }], unsent: [] });
    expect(documents(server)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('finds the entry for which a whole request is refused', async () => {
    const { server, sender } = await setUp();
    const bad = '{"create":{"_index":"Wrong","_id":"1"}}\n{}';
    const { rejected, unsent } = await sender.send([entry(1), bad, entry(2)], signal);
    expect({ rejected, unsent }).toEqual({
      rejected: [{ entry: bad, reason: expect.stringContaining('Invalid index name [Wrong]') }],
      unsent: [],
    });
    expect(documents(server)).toEqual(['1', '2']);
  });

  it('sends later what a busy server refuses, halves and all, and heeds Retry-After', async () => {
    const { server, sender } = await setUp({ maxContentLength: 400 });
    const entries = [1, 2, 3, 4].map((id) => entry(id, { text: 'x'.repeat(200) }));
    // All are too large together; the first half gets through, then the server is busy.
    const send = sender.send(entries, signal);
    server.itemFault = ({ id }) => {
      if (id === 2) server.faults.push({ status: 429, body: 'busy', headers: { 'retry-after': '7' } });
      return undefined;
    };
    expect(await send).toEqual({
      rejected: [],
      unsent: [entries[2], entries[3]],
      reason: 'HTTP 429: busy',
      retryAfterMs: 7000,
    });
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'HTTP 502: <html>Bad Gateway</html>'],
    [401, '', 'HTTP 401'],
    [404, '', 'HTTP 404'],
    [301, '', 'HTTP 301'],
  ])('sends everything again after %d', async (status, body, reason) => {
    const { server, sender } = await setUp();
    server.faults.push({ status, body });
    expect(await sender.send([entry(1)], signal)).toMatchObject({ unsent: [entry(1)], reason });
  });

  it.each(['{"items":[]}', '<html>', '{"items":[{"index":{"status":201}}]}', 'null'])(
    'does not take %s for an answer',
    async (body) => {
      const { server, sender } = await setUp();
      server.faults.push({ status: 200, body });
      await expect(sender.send([entry(1)], signal)).rejects.toThrow(
        'not an answer to a bulk request of 1 documents',
      );
    },
  );

  it('shows who it is', async () => {
    const server = await startFakeElasticsearch({ authorization: 'ApiKey abc' });
    const nobody = connect(server).sender;
    expect((await nobody.send([entry(1)], signal)).reason).toContain('missing authentication credentials');
    const { sender } = connect(server, {}, { headers: { authorization: 'ApiKey abc' } });
    expect((await sender.send([entry(1)], signal)).unsent).toEqual([]);
  });

  it.skipIf(openssl.skip)(`believes a certificate of its authority only${openssl.note}`, async () => {
    const { key, cert } = selfSigned(folder);
    const pem = { key: readFileSync(key), cert: readFileSync(cert) };
    const server = await startFakeElasticsearch({ tls: pem });
    await expect(connect(server).sender.send([entry(1)], signal)).rejects.toThrow(/self-signed/);
    const { sender } = connect(server, {}, { tls: { ca: pem.cert } });
    await sender.send([entry(1)], signal);
    expect(documents(server)).toEqual(['1']);
  });

  it('goes on after the server closed the idle connection', async () => {
    const { server, sender } = await setUp();
    await sender.send([entry(1)], signal);
    const port = Number(server.url.port);
    await server.stop();
    const again = await startFakeElasticsearch({ port });
    await sender.send([entry(2)], signal);
    expect(documents(again)).toEqual(['2']);
  });
});

describe('the index template', () => {
  const templates = indexTemplates('flowpact-{what}-%Y.%m.%d', { what: 'events', format: 'ecs' });

  it('is installed before the first documents, once', async () => {
    const { server, sender } = await setUp({}, { templates });
    await sender.send([entry(1)], signal);
    await sender.send([entry(2)], signal);
    expect(server.requests).toEqual([
      'GET /_index_template/flowpact-events',
      'PUT /_index_template/flowpact-events',
      'POST /_bulk',
      'POST /_bulk',
    ]);
    expect(server.templates.get('flowpact-events')).toMatchObject({
      index_patterns: ['flowpact-events-*'],
      template: { mappings: { properties: { source: { properties: { ip: { type: 'ip' } } } } } },
    });
  });

  it('is left alone where there is one of this version or a later, and replaced where it is older', async () => {
    const { server, sender } = await setUp({}, { templates });
    const own = { index_patterns: ['flowpact-events-*'], version: 7 };
    server.templates.set('flowpact-events', own);
    await sender.send([entry(1)], signal);
    expect(server.templates.get('flowpact-events')).toBe(own);
    server.templates.set('flowpact-events', { index_patterns: [] });
    await connect(server, { templates }).sender.send([entry(2)], signal);
    expect(server.templates.get('flowpact-events')).toMatchObject({ version: 1 });
  });

  it('is done without, and told of, where it may not be seen or is refused', async () => {
    const { server, sender, remarks } = await setUp({}, { templates });
    server.faults.push({ status: 403, body: 'security_exception' });
    await sender.send([entry(1)], signal);
    expect(remarks).toEqual([
      'the index template flowpact-events is not installed: HTTP 403: security_exception',
    ]);
    const other = connect(server, { templates });
    server.faults.push({ status: 404, body: '' }, { status: 400, body: 'same priority as [mine]' });
    await other.sender.send([entry(2)], signal);
    expect(other.remarks[0]).toContain('same priority as [mine]');
    expect(documents(server)).toEqual(['1', '2']);
  });

  it('is waited for where the server is busy', async () => {
    const { server, sender } = await setUp({}, { templates });
    server.faults.push({ status: 404, body: '' }, { status: 503, body: 'starting' });
    await expect(sender.send([entry(1)], signal)).rejects.toThrow('HTTP 503: starting');
    expect(documents(server)).toEqual([]);
    await sender.send([entry(1)], signal);
    expect(server.templates.size).toBe(1);
    expect(documents(server)).toEqual(['1']);
  });
});
