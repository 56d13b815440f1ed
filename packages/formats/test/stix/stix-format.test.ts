import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Message } from '@flowpact/event';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { stixFormat } from '../../src/stix/stix-format.ts';
import { observableId } from '../../src/stix/stix-id.ts';
import { sampleMessage } from '../sample-message.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/schemas/stix21/schemas');
type StixObject = { readonly type: string; readonly id: string } & Readonly<Record<string, unknown>>;

const decode = (value: unknown) => stixFormat.decode(new TextEncoder().encode(JSON.stringify(value)));
const objectsOf = (message: Message): readonly StixObject[] =>
  JSON.parse(new TextDecoder().decode(stixFormat.encode(message).bytes)).objects;
const ofType = (objects: readonly StixObject[], type: string) =>
  objects.filter((object) => object.type === type);

/** What the schema of its type says against an object. */
function faultsBySchema(): (object: StixObject) => unknown {
  const ajv = new Ajv2020.default({
    strict: false,
    unicodeRegExp: false,
    allErrors: true,
    validateFormats: false,
  });
  addFormats.default(ajv as never);
  const files = new Map<string, string>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.json')) continue;
    const schema = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    ajv.addSchema(schema);
    files.set(schema.title, schema.$id);
  }
  return (object) => {
    const validate = ajv.getSchema(files.get(object.type) ?? '');
    if (validate === undefined) return `no schema for ${object.type}`;
    return validate(object) ? [] : validate.errors;
  };
}

/** References that lead to nothing in the bundle. */
function dangling(objects: readonly StixObject[]): readonly string[] {
  const ids = new Set(objects.map(({ id }) => id));
  return objects.flatMap((object) =>
    Object.entries(object)
      .filter(([key]) => /_refs?$/.test(key))
      .flatMap(([, value]) => [value].flat() as string[])
      .filter((id) => !ids.has(id)),
  );
}

describe('STIX 2.1', () => {
  it.skipIf(!existsSync(folder))(
    'is valid against ../shared/schemas/stix21 (skipped where it is not)',
    () => {
      const faults = faultsBySchema();
      for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 300, seed: 7 })]) {
        for (const object of objectsOf(message)) expect(faults(object), JSON.stringify(object)).toEqual([]);
      }
      const [sighting] = ofType(objectsOf(sampleMessage), 'sighting');
      expect(faults({ ...sighting, created: '2026-01-01' })).not.toEqual([]);
      expect(faults({ ...sighting, type: 'x-sight' })).toBe('no schema for x-sight');
    },
  );

  it('has every object once, and all that is referred to', () => {
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 300, seed: 7 })]) {
      const objects = objectsOf(message);
      expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
      expect(dangling(objects)).toEqual([]);
    }
  });

  it('gives observables the identifiers that every producer gives them', () => {
    // As other implementations publish them for these values.
    expect(observableId('ipv4-addr', { value: '198.51.100.3' })).toBe(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    );
    expect(observableId('ipv6-addr', { value: '2001:db8::1' })).toBe(
      'ipv6-addr--6469e3a9-b053-5e34-a025-9396ae051d26',
    );
    expect(observableId('domain-name', { value: 'example.com' })).toBe(
      'domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7',
    );
    expect(observableId('autonomous-system', { number: 15139 })).toBe(
      'autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff',
    );
  });

  it('says the flows as network traffic, with what has no property in ipfix', () => {
    const objects = objectsOf(sampleMessage);
    const [, flow] = ofType(objects, 'network-traffic');
    expect(flow).toMatchObject({
      start: '2026-01-01T11:58:00.123Z',
      src_port: 54586,
      dst_port: 80,
      protocols: ['ipv4', 'tcp'],
      src_byte_count: 120,
      src_packets: 2,
      ipfix: { tcpControlBits: 2 },
    });
    expect(flow).not.toHaveProperty('extensions');
  });

  it('tells flows apart that differ in their counters only', () => {
    const { flows } = sampleMessage.event;
    const [row] = flows?.groups[0].rows ?? [];
    const more = row.with(5, 3);
    const message = {
      ...sampleMessage,
      event: { ...sampleMessage.event, flows: { ...flows, groups: [{ rows: [row, more, row, more] }] } },
    } as Message;
    const ids = ofType(objectsOf(message), 'network-traffic').map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(stixFormat.decode(stixFormat.encode(message).bytes).message).toEqual(message);
  });

  it('marks every object of the event with the published label', () => {
    const marked = ['indicator', 'relationship', 'observed-data', 'sighting'];
    for (const [tlp, id] of [
      ['clear', '94868c89-83c2-464b-929b-a1a8aa3c8487'],
      ['green', 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb'],
      ['amber', '55d920b0-5e8b-4f79-9ee9-91f868d9b421'],
      ['amberStrict', '939a9414-2ddd-4d32-a0cd-375ea402b003'],
      ['red', 'e828b379-4e03-4974-9ac4-e53a884c97c1'],
    ] as const) {
      const objects = objectsOf({ ...sampleMessage, event: { ...sampleMessage.event, tlp } });
      expect(ofType(objects, 'marking-definition').map((object) => object.id)).toEqual([
        `marking-definition--${id}`,
      ]);
      for (const object of objects.filter(({ type }) => marked.includes(type))) {
        expect(object.object_marking_refs).toEqual([`marking-definition--${id}`]);
      }
    }
  });

  it.each<[string, Partial<Message['event']>, string | undefined]>([
    [
      'the sources',
      { type: 'scan', sources: [{ address: '192.0.2.7' }, { address: '2001:db8::', prefixLength: 32 }] },
      "[((network-traffic:src_ref.value = '192.0.2.7') OR (network-traffic:src_ref.value ISSUBSET '2001:db8::/32'))]",
    ],
    [
      'the server that bots talk to',
      { type: 'cuC', targets: [{ name: 'c2.example', ports: [{ low: 443 }] }] },
      "[network-traffic:dst_ref.value = 'c2.example' AND network-traffic:dst_port = 443]",
    ],
    [
      'nobody where the victim alone is known',
      { type: 'dDoS', targets: [{ address: '192.0.2.1' }] },
      undefined,
    ],
    ['nobody where the source is forged', { sources: [{ address: '192.0.2.7', spoofed: true }] }, undefined],
    ['nobody by a name that breaks the pattern', { sources: [{ name: "x' OR 'a" }] }, undefined],
  ])('has a pattern that blames %s', (_, event, pattern) => {
    const objects = objectsOf({ ...sampleMessage, event: { type: 'scan', ...event } });
    expect(ofType(objects, 'indicator')[0]?.pattern).toBe(pattern);
    const sighted = ofType(objects, 'sighting')[0].sighting_of_ref;
    expect(sighted).toMatch(pattern === undefined ? /^attack-pattern--/ : /^indicator--/);
  });

  it('reads a sighting from elsewhere', () => {
    const common = {
      spec_version: '2.1',
      created: '2020-05-01T10:00:00.000Z',
      modified: '2020-05-01T10:00:00.000Z',
    };
    const { message, losses } = decode({
      type: 'bundle',
      id: 'bundle--1',
      objects: [
        { type: 'identity', id: 'identity--1', ...common, name: 'CSIRT', sectors: ['education'] },
        { type: 'malware', id: 'malware--1', ...common, name: 'Mirai bot', is_family: true },
        {
          type: 'indicator',
          id: 'indicator--1',
          ...common,
          pattern: "[ipv4-addr:value = '203.0.113.9']",
          pattern_type: 'stix',
          valid_from: '2020-05-01T10:00:00Z',
        },
        {
          type: 'relationship',
          id: 'relationship--1',
          ...common,
          relationship_type: 'indicates',
          source_ref: 'indicator--1',
          target_ref: 'malware--1',
        },
        { type: 'ipv4-addr', id: 'ipv4-addr--1', value: '203.0.113.9' },
        { type: 'ipv6-addr', id: 'ipv6-addr--1', value: '2001:DB8::1' },
        {
          type: 'network-traffic',
          id: 'network-traffic--1',
          start: '2020-05-01T09:00:00Z',
          src_ref: 'ipv4-addr--1',
          dst_ref: 'ipv6-addr--1',
          dst_port: 23,
          protocols: ['ipv4', 'tcp', 'telnet'],
          dst_packets: 2,
          ipfix: { flowEndReason: 3 },
        },
        {
          type: 'observed-data',
          id: 'observed-data--1',
          ...common,
          first_observed: '2020-05-01T09:00:00Z',
          last_observed: '2020-05-01T09:00:00Z',
          number_observed: 1,
          object_refs: ['network-traffic--1', 'network-traffic--none'],
        },
        {
          type: 'sighting',
          id: 'sighting--1',
          ...common,
          created_by_ref: 'identity--1',
          sighting_of_ref: 'indicator--1',
          observed_data_refs: ['observed-data--1'],
          object_marking_refs: ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82'],
          count: 12,
        },
        { type: 'sighting', id: 'sighting--2', ...common, sighting_of_ref: 'indicator--1' },
      ],
    });
    expect(message).toEqual({
      kind: 'alert',
      id: expect.stringMatching(/^[0-9]+$/),
      sender: { name: 'CSIRT' },
      createdMs: Date.parse('2020-05-01T10:00:00Z'),
      event: {
        type: 'botInfection',
        tlp: 'amber',
        sources: [{ address: '203.0.113.9', protocol: 6 }],
        targets: [{ address: '2001:db8::1', protocol: 6, ports: [{ low: 23 }] }],
        totals: { flows: 12 },
        flows: {
          layout: {
            columns: [
              { kind: 'iana', id: 152 },
              { kind: 'iana', id: 8 },
              { kind: 'iana', id: 28 },
              { kind: 'iana', id: 11 },
              { kind: 'iana', id: 4 },
              { kind: 'enterprise', id: 2, pen: 29305 },
              { kind: 'iana', id: 136 },
            ],
          },
          groups: [
            {
              rows: [
                [
                  Date.parse('2020-05-01T09:00:00Z'),
                  Uint8Array.of(203, 0, 113, 9),
                  Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
                  23,
                  6,
                  2,
                  3,
                ],
              ],
            },
          ],
        },
      },
    });
    expect(losses.map(({ path, effect }) => `${path} ${effect}`)).toEqual([
      'sighting.id approximated',
      'network-traffic.protocols dropped',
      'network-traffic.protocols dropped',
      'indicator approximated',
      'objects[9] dropped',
      'objects[0].sectors dropped',
      'objects[1].is_family dropped',
    ]);
  });

  it('reads an indicator by the hosts in its pattern', () => {
    const { message } = decode({
      type: 'indicator',
      spec_version: '2.1',
      id: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f',
      created: '2016-04-06T20:03:48.000Z',
      modified: '2016-04-06T20:03:48.000Z',
      name: 'Command & Control',
      indicator_types: ['malicious-activity'],
      confidence: 70,
      pattern:
        "[ipv4-addr:value = '198.51.100.1/32' OR domain-name:value='c2.example'] FOLLOWEDBY [network-traffic:dst_ref.value ISSUBSET '2001:db8::/32']",
      pattern_type: 'stix',
      valid_from: '2016-01-01T00:00:00Z',
    });
    expect(message.event).toEqual({
      type: 'cuC',
      confidence: 70,
      sources: [{ address: '198.51.100.1', prefixLength: 32 }, { name: 'c2.example' }],
      targets: [{ address: '2001:db8::', prefixLength: 32 }],
    });
  });

  it('reads observed data with the objects in it, as STIX 2.0 has them', () => {
    const { message } = decode({
      type: 'bundle',
      id: 'bundle--2',
      spec_version: '2.0',
      objects: [
        {
          type: 'observed-data',
          id: 'observed-data--2',
          created: '2016-04-06T20:03:48.000Z',
          modified: '2016-04-06T20:03:48.000Z',
          first_observed: '2015-12-21T19:00:00Z',
          last_observed: '2015-12-21T19:10:00Z',
          number_observed: 50,
          objects: {
            '0': { type: 'ipv4-addr', value: '198.51.100.2', belongs_to_refs: ['2'] },
            '1': { type: 'network-traffic', src_ref: '0', protocols: ['udp'], src_packets: 7 },
            '2': { type: 'autonomous-system', number: 64500 },
          },
        },
      ],
    });
    expect(message.event).toEqual({
      type: 'other',
      startMs: Date.parse('2015-12-21T19:00:00Z'),
      endMs: Date.parse('2015-12-21T19:10:00Z'),
      sources: [{ address: '198.51.100.2', asn: 64500, protocol: 17 }],
      totals: { flows: 50, packets: 7 },
    });
  });

  it.each([
    [[], 'FORMATS_OTHER_FORMAT'],
    [{ type: 3 }, 'FORMATS_OTHER_FORMAT'],
    [{ type: 'bundle', id: 'bundle--1' }, 'FORMATS_MISSING'],
    [{ type: 'bundle', id: 'bundle--1', objects: [{ type: 'malware' }, 7, null] }, 'FORMATS_MISSING'],
    [{ type: 'sighting', id: 'sighting--1' }, 'FORMATS_MISSING'],
  ])('refuses %j', (document, code) => {
    expect(() => decode(document)).toThrow(expect.objectContaining({ code }));
  });

  it('bounds the nesting of additions', () => {
    const text = new TextDecoder().decode(stixFormat.encode(sampleMessage).bytes);
    const deep = text.replace('"json":"64500"', `"json":"${'['.repeat(100_000)}"`);
    expect(() => stixFormat.decode(new TextEncoder().encode(deep))).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
  });
});
