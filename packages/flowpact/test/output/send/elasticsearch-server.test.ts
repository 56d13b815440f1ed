import { systemClock } from '@flowpact/ipfix';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { bulkEntry, indexName } from '../../../src/output/format/bulk-entry.ts';
import type { DocumentFormat } from '../../../src/output/format/document-formats.ts';
import { documentsOf } from '../../../src/output/format/finding-document.ts';
import { indexTemplates } from '../../../src/output/format/index-templates.ts';
import { createElasticsearchSender } from '../../../src/output/send/elasticsearch-sender.ts';
import { createHttpConnection } from '../../../src/output/send/http-connection.ts';
import { exampleEventFinding, rowsFinding } from '../example-findings.ts';

/** `http://HOST:PORT` of an Elasticsearch or OpenSearch without a password, on which `flowpact-test-*` may come and go. */
const server = process.env.FLOWPACT_ELASTICSEARCH;
const note = server === undefined ? ' (skipped: set FLOWPACT_ELASTICSEARCH=http://HOST:PORT)' : '';
const base = new URL(server ?? 'http://127.0.0.1:9200');
const { signal } = new AbortController();
const run = Date.now().toString(36);

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, base), {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return response.json();
}

function sender(pattern: string, format: DocumentFormat) {
  const remarks: string[] = [];
  const made = createElasticsearchSender(
    { templates: indexTemplates(pattern, { what: format === 'flowcep' ? 'detections' : 'both', format }) },
    {
      http: createHttpConnection({ base, headers: {} }, systemClock),
      onRemark: (text) => remarks.push(text),
    },
  );
  onTestFinished(() => made.close());
  return { send: (entries: readonly string[]) => made.send(entries, signal), remarks };
}

const entry = (index: string, id: number, fields: object) =>
  `${JSON.stringify({ create: { _index: index, _id: String(id) } })}\n${JSON.stringify(fields)}`;

describe.skipIf(server === undefined)(
  `a real Elasticsearch or OpenSearch${note}`,
  { timeout: 60_000 },
  () => {
    afterAll(async () => {
      for (const format of ['native', 'ecs', 'flowcep']) {
        for (const what of ['events', 'detections']) {
          const name = `flowpact-test-${run}-${format}-${what}`;
          await ask('DELETE', `/_index_template/${name}`);
          for (const date of ['2026.11.22', '2018.04.12']) await ask('DELETE', `/${name}-${date}`);
        }
      }
      await ask('DELETE', `/flowpact-test-${run}-faults`);
    });

    it.each(['native', 'ecs', 'flowcep'] as const)(
      'takes the template and the documents of the format %s, and repeats for what they are',
      async (format) => {
        const pattern = `flowpact-test-${run}-${format}-{what}-%Y.%m.%d`;
        const { send, remarks } = sender(pattern, format);
        const rows = rowsFinding([
          { Attacker: '192.0.2.1', AtkCount: 17 },
          { Attacker: '192.0.2.1', AtkCount: 17 },
        ]);
        const choice = {
          what: format === 'flowcep' ? 'detections' : 'both',
          format,
          evidence: true,
        } as const;
        const entries = [exampleEventFinding, rows]
          .flatMap((finding) => documentsOf(finding, choice, 0))
          .map((document) => bulkEntry(document, pattern));
        for (let time = 0; time < 2; time++)
          expect(await send(entries)).toEqual({ rejected: [], unsent: [] });
        expect(remarks).toEqual([]);
        const detections = indexName(pattern, 'detections', Date.UTC(2018, 3, 12));
        await ask('POST', '/_refresh');
        expect(await ask('GET', `/${detections}/_count`)).toMatchObject({ count: 2 });
        if (format === 'flowcep') {
          // What FlowCEP's dashboard asks for.
          const terms = {
            aggs: {
              by: { terms: { field: 'Attacker.keyword' }, aggs: { sum: { sum: { field: 'AtkCount' } } } },
            },
          };
          const found = await ask('POST', `/${detections}/_search?size=0`, terms);
          expect(found).toMatchObject({
            aggregations: { by: { buckets: [{ key: '192.0.2.1', sum: { value: 34 } }] } },
          });
          return;
        }
        const events = indexName(pattern, 'events', Date.UTC(2026, 10, 22));
        const field = format === 'ecs' ? 'source.ip' : 'sources.address';
        const inNetwork = { query: { term: { [field]: '192.0.2.0/24' } } };
        expect(await ask('POST', `/${events}/_count`, inNetwork)).toMatchObject({ count: 1 });
      },
    );

    it('says of items that fail what we take it to say', async () => {
      const { send } = sender('unused', 'ecs');
      const index = `flowpact-test-${run}-faults`;
      await ask('PUT', `/${index}`, { mappings: { properties: { n: { type: 'long' } } } });
      expect(
        await send([entry(index, 1, { n: 1 }), entry(index, 2, { n: 'word' }), entry(index, 3, { n: 3 })]),
      ).toEqual({
        rejected: [
          {
            entry: entry(index, 2, { n: 'word' }),
            reason: expect.stringMatching(/^HTTP 400: .*parsing_exception/),
          },
        ],
        unsent: [],
      });
      await ask('PUT', `/${index}/_settings`, { 'index.blocks.write': true });
      const blocked = [entry(index, 4, { n: 4 })];
      expect(await send(blocked)).toMatchObject({
        rejected: [],
        unsent: blocked,
        reason: expect.stringContaining('block'),
      });
      await ask('PUT', `/${index}/_settings`, { 'index.blocks.write': false });
      await ask('POST', `/${index}/_close`);
      expect(await send(blocked)).toMatchObject({
        rejected: [],
        unsent: blocked,
        reason: expect.stringContaining('closed'),
      });
      await ask('POST', `/${index}/_open`);
      expect(await send(blocked)).toEqual({ rejected: [], unsent: [] });
      const wrong = '{"create":{"_index":"Upper","_id":"1"}}\n{}';
      expect(await send([wrong, entry(index, 5, { n: 5 })])).toMatchObject({
        rejected: [{ entry: wrong, reason: expect.stringContaining('lowercase') }],
        unsent: [],
      });
    });
  },
);
