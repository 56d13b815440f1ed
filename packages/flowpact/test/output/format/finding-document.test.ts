import { securityEventFromJson } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { bulkEntry } from '../../../src/output/format/bulk-entry.ts';
import {
  type DocumentChoice,
  documentsOf,
  type FindingDocument,
} from '../../../src/output/format/finding-document.ts';
import { indexTemplates } from '../../../src/output/format/index-templates.ts';
import { createRowOrdinals } from '../../../src/output/format/row-ordinals.ts';
import { exampleEvent, exampleEventFinding, rowsFinding } from '../example-findings.ts';

const choice = (some: Partial<DocumentChoice> = {}): DocumentChoice => ({
  what: 'both',
  format: 'native',
  evidence: true,
  ...some,
});
const rows = rowsFinding([
  { Attacker: '192.0.2.1', AtkCount: 17 },
  { Attacker: '192.0.2.2', AtkCount: 18 },
]);
const texts = (documents: readonly FindingDocument[]) => documents.map(({ json }) => json);

describe('documentsOf', () => {
  it('gives each output what it chose', () => {
    const count = (finding: typeof rows, some: Partial<DocumentChoice>) =>
      documentsOf(finding, choice(some), 0).length;
    expect([count(exampleEventFinding, {}), count(rows, {})]).toEqual([1, 2]);
    expect([
      count(exampleEventFinding, { what: 'detections' }),
      count(rows, { what: 'detections' }),
      count(exampleEventFinding, { what: 'events' }),
      count(rows, { what: 'events' }),
    ]).toEqual([0, 2, 1, 0]);
    expect(count(exampleEventFinding, { statements: ['http/BruteForce'] })).toBe(1);
    expect(count(exampleEventFinding, { statements: ['Output'] })).toBe(0);
    const inner = rowsFinding([{ a: 1 }], { statement: 'Inner', isOutput: false });
    expect([count(inner, {}), count(inner, { statements: ['Inner'] })]).toEqual([0, 1]);
  });

  it('writes events so that they can be read again, with their evidence or without', () => {
    const [whole] = texts(documentsOf(exampleEventFinding, choice(), 0));
    expect(securityEventFromJson(whole)).toEqual(exampleEvent);
    const [bare] = texts(documentsOf(exampleEventFinding, choice({ evidence: false }), 0));
    const { flows: _flows, ...rest } = exampleEvent;
    expect(securityEventFromJson(bare)).toEqual(rest);
  });

  it('writes rows as espercli does, or with their place', () => {
    expect(texts(documentsOf(rows, choice({ what: 'detections', format: 'flowcep' }), 0))[0]).toBe(
      '{"Attacker":"192.0.2.1","AtkCount":17,"timestamp":"2018-04-12T15:23:40.892Z","type":"DetectionResults"}',
    );
    expect(JSON.parse(texts(documentsOf(rows, choice(), 0))[1])).toEqual({
      time: '2018-04-12T15:23:40.892Z',
      module: 'http',
      statement: 'Output',
      row: { Attacker: '192.0.2.2', AtkCount: 18 },
    });
  });

  it('writes events in the fields of the Elastic Common Schema', () => {
    const [json] = texts(documentsOf(exampleEventFinding, choice({ format: 'ecs' }), 0));
    expect(JSON.parse(json)).toEqual({
      '@timestamp': '2026-11-22T23:59:58.000Z',
      ecs: { version: '8.11.0' },
      message: exampleEvent.text,
      event: {
        kind: 'alert',
        category: ['intrusion_detection', 'network', 'authentication'],
        type: ['info'],
        module: 'flowpact',
        dataset: 'flowpact.events',
        start: '2026-11-22T23:59:58.000Z',
        end: '2026-11-23T00:00:08.500Z',
        duration: 10_500_000_000,
        severity: 4,
      },
      rule: { name: 'BruteForce', ruleset: 'http' },
      observer: { vendor: 'Flowpact', product: 'Flowpact', version: '0.1.0' },
      source: { ip: '192.0.2.1', address: '192.0.2.1', as: { number: 64500 } },
      destination: {
        ip: '198.51.100.7',
        address: ['198.51.100.7', '203.0.113.0/24'],
        domain: 'www.example',
        port: 80,
      },
      related: { ip: ['192.0.2.1', '198.51.100.7'], hosts: ['www.example'] },
      network: { iana_number: '6', transport: 'tcp', packets: 2 ** 60, bytes: 1234 },
      threat: { technique: { id: ['T1110'] } },
      labels: { url_path: '/wp-login.php' },
      flowpact: {
        type: 'bruteForce',
        severity: 'high',
        confidence: 90,
        tlp: 'amber',
        flows: 33,
        classifications: ['rsit:intrusion-attempts:brute-force', 'mitre-attack:T1110'],
      },
    });
    const bare = { ...exampleEventFinding, kind: 'event', timeMs: 7, event: { type: 'other' } } as const;
    expect(JSON.parse(texts(documentsOf(bare, choice({ format: 'ecs' }), 0))[0])).toEqual({
      '@timestamp': '1970-01-01T00:00:00.007Z',
      ecs: { version: '8.11.0' },
      event: {
        kind: 'alert',
        category: ['intrusion_detection', 'network'],
        type: ['info'],
        module: 'flowpact',
        dataset: 'flowpact.events',
      },
      rule: { name: 'BruteForce', ruleset: 'http' },
      observer: { vendor: 'Flowpact', product: 'flowpact' },
      flowpact: { type: 'other' },
    });
  });
});

describe('bulkEntry', () => {
  const entries = (finding: typeof rows, some: Partial<DocumentChoice>, firstOrdinal = 0) =>
    documentsOf(finding, choice(some), firstOrdinal).map((document) =>
      bulkEntry(document, 'flowpact-{what}-%Y.%m.%d')
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

  it('names the index of the day in which it happened, and gives what Kibana orders by', () => {
    const [[action, document]] = entries(exampleEventFinding, {});
    expect(action.create._index).toBe('flowpact-events-2026.11.22');
    expect(document['@timestamp']).toBe('2026-11-22T23:59:58.000Z');
    // What a field of type `long` takes.
    expect(document.totals).toEqual({ flows: 33, packets: '1152921504606846976', octets: 1234 });
    const quoted = {
      ...exampleEventFinding,
      kind: 'event',
      event: { type: 'scan', text: '{"$integer":"1"}' },
    } as const;
    expect(entries(quoted, {})[0][1].text).toBe('{"$integer":"1"}');
    expect(entries(rows, { what: 'detections', format: 'flowcep' })[0]).toMatchObject([
      { create: { _index: 'flowpact-detections-2018.04.12' } },
      { '@timestamp': '2018-04-12T15:23:40.892Z', Attacker: '192.0.2.1' },
    ]);
    const [[, ecs]] = entries(exampleEventFinding, { format: 'ecs' });
    expect(ecs['@timestamp']).toBe('2026-11-22T23:59:58.000Z');
  });

  it('gives the same finding the same id, and rows that are alike different ones', () => {
    const alike = rowsFinding([{ a: 1 }, { a: 1 }]);
    const ids = (finding: typeof rows, ordinal: number) =>
      entries(finding, {}, ordinal).map(([action]) => action.create._id);
    expect(new Set(ids(alike, 0)).size).toBe(2);
    expect(ids(alike, 0)).toEqual(ids(alike, 0));
    const ordinals = createRowOrdinals();
    const all = [alike, alike, exampleEventFinding, rowsFinding([{ a: 1 }], { timeMs: 1 }), alike].map(
      (finding) => ordinals.firstOf(finding),
    );
    expect(all).toEqual([0, 2, 0, 0, 0]);
  });
});

describe('indexTemplates', () => {
  it('are for the indices that the pattern makes', () => {
    const names = (pattern: string, what: DocumentChoice['what']) =>
      indexTemplates(pattern, { what, format: 'native' }).map(({ name, body }) => [
        name,
        ...body.index_patterns,
      ]);
    expect(names('flowpact-{what}-%Y.%m.%d', 'both')).toEqual([
      ['flowpact-events', 'flowpact-events-*'],
      ['flowpact-detections', 'flowpact-detections-*'],
    ]);
    expect(names('logstash-%Y.%m.%d', 'detections')).toEqual([['flowpact-logstash', 'logstash-*']]);
    expect(names('alerts', 'events')).toEqual([['flowpact-alerts', 'alerts']]);
  });
});
