import type { Message } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryMessage } from '../../../event/test/arbitrary-message.ts';
import { mispFormat } from '../../src/misp/misp-format.ts';
import { sampleMessage } from '../sample-message.ts';

interface Attribute {
  readonly uuid: string;
  readonly type: string;
  readonly category: string;
  readonly value: string;
  readonly to_ids: boolean;
  readonly object_relation?: string;
}
interface MispObject {
  readonly uuid: string;
  readonly name: string;
  readonly Attribute: readonly Attribute[];
}

const decode = (value: unknown) => mispFormat.decode(new TextEncoder().encode(JSON.stringify(value)));
const eventOf = (message: Message) =>
  JSON.parse(new TextDecoder().decode(mispFormat.encode(message).bytes)).Event as {
    readonly uuid: string;
    readonly info: string;
    readonly Tag: readonly { readonly name: string }[];
    readonly Attribute: readonly Attribute[];
    readonly Object: readonly MispObject[];
  } & Readonly<Record<string, unknown>>;
const parts = ({ Attribute: attributes }: MispObject) =>
  Object.fromEntries(attributes.map(({ object_relation, value }) => [object_relation, value]));

describe('MISP', () => {
  it('has all that the core format demands', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    for (const message of [sampleMessage, ...fc.sample(arbitraryMessage(), { numRuns: 300, seed: 7 })]) {
      const event = eventOf(message);
      expect(event.info).not.toBe('');
      expect(event.date).toMatch(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
      expect(event.timestamp).toMatch(/^[0-9]+$/);
      const attributes = [...event.Attribute, ...event.Object.flatMap((object) => object.Attribute)];
      for (const { value, category, type } of attributes) {
        expect(value, type).not.toBe('');
        expect(['Network activity', 'Other']).toContain(category);
      }
      const uuids = [
        event.uuid,
        ...event.Object.map((object) => object.uuid),
        ...attributes.map((each) => each.uuid),
      ];
      for (const each of uuids) expect(each).toMatch(uuid);
      expect(new Set(uuids).size).toBe(uuids.length);
    }
  });

  it('says the sample with its own objects and tags', () => {
    const event = eventOf(sampleMessage);
    expect(event).toMatchObject({
      info: 'SYN flood against www.example.',
      date: '2026-01-01',
      timestamp: '1767268800',
      threat_level_id: '1',
      distribution: '1',
      Orgc: { name: 'isp-a.example' },
      Tag: [{ name: 'tlp:amber' }, { name: 'rsit:availability="ddos"' }],
    });
    expect(event.Object.map(({ name }) => name)).toEqual(['ddos', 'netflow', 'netflow']);
    expect(event.Object[0]).toMatchObject({
      template_uuid: 'e2f124d6-f57c-4f93-99e6-8450545fa05d',
      first_seen: '2026-01-01T11:58:00Z',
      last_seen: '2026-01-01T11:59:30Z',
    });
    expect(parts(event.Object[0])).toEqual({
      'ip-src': '198.51.100.0/24',
      'ip-dst': '192.0.2.1',
      'domain-dst': 'www.example',
      'dst-port': '80',
      protocol: 'TCP',
    });
    expect(parts(event.Object[1])).toEqual({
      'ip-src': '198.51.100.7',
      'ip-dst': '192.0.2.1',
      'src-port': '54586',
      'dst-port': '80',
      'ip-protocol-number': '6',
      protocol: 'TCP',
      'packet-count': '2',
      'byte-count': '120',
      'tcp-flags': '2',
      'first-packet-seen': '2026-01-01T11:58:00.123Z',
    });
  });

  it('raises alarms on who is to blame, not on victims and forged addresses', () => {
    const endpoints = {
      sources: [{ address: '192.0.2.7' }, { address: '192.0.2.8', spoofed: true }],
      targets: [{ address: '198.51.100.1', name: 'victim.example' }],
    };
    const { Object: objects } = eventOf({ ...sampleMessage, event: { type: 'scan', ...endpoints } });
    const alarms = objects.flatMap((object) => object.Attribute.filter(({ to_ids }) => to_ids));
    expect(alarms.map(({ value }) => value)).toEqual(['192.0.2.7']);
    expect(objects.map(({ name }) => name)).toEqual(['ip-port', 'ip-port', 'ip-port']);
  });

  it('keeps classifications apart from the class that the type is', () => {
    const classifications = [
      { scheme: 'rsit', value: 'availability:ddos' },
      { scheme: 'circl', value: 'incident-classification:denial-of-service' },
      { scheme: 'veris', value: 'action' },
    ];
    const message = { ...sampleMessage, event: { ...sampleMessage.event, classifications } };
    expect(eventOf(message).Tag.map(({ name }) => name)).toEqual([
      'tlp:amber',
      'rsit:availability="ddos"',
      'circl:incident-classification="denial-of-service"',
      'veris:action',
    ]);
    expect(mispFormat.decode(mispFormat.encode(message).bytes).message).toEqual(message);
  });

  it('reads an event from elsewhere', () => {
    const own = { id: '1', event_id: '7', timestamp: '1472540684', deleted: false };
    const housekeeping = { ...own, to_ids: true };
    const event = {
      id: '7',
      uuid: '57c4445b-c548-4654-af0b-4be3950d210f',
      info: 'Mirai botnet',
      date: '2016-08-29',
      timestamp: '',
      published: true,
      analysis: '2',
      threat_level_id: 2,
      Orgc: { name: 'CIRCL', uuid: '55f6ea5e-2c60-40e5-964f-47a8950d210f' },
      Tag: [
        { colour: '#ffffff', exportable: true, name: 'tlp:white' },
        { name: 'ecsirt:malicious-code="botnet-drone"' },
        { name: 'workflow' },
      ],
      Galaxy: [],
      Attribute: [
        {
          ...housekeeping,
          type: 'ip-src|port',
          category: 'Network activity',
          value: '203.0.113.9|23',
          comment: '',
        },
        { ...housekeeping, type: 'ip-dst', category: 'Network activity', value: '2001:DB8::/32' },
        {
          ...housekeeping,
          type: 'domain|ip',
          category: 'Network activity',
          value: 'c2.example|203.0.113.10',
        },
        {
          ...housekeeping,
          type: 'md5',
          category: 'Payload delivery',
          value: '0749bae92ca336a02c83d126e04ec628',
        },
        { ...housekeeping, type: 'comment', category: 'Other', value: 'UPX packed', Tag: [{ name: 'a' }] },
        { ...housekeeping, type: 'ip-src', category: 'Network activity', value: '192.0.2.99', deleted: true },
      ],
      Object: [
        {
          ...own,
          name: 'ip-port',
          Attribute: [
            { ...housekeeping, type: 'ip-dst', object_relation: 'ip', value: '203.0.113.11' },
            { ...housekeeping, type: 'AS', object_relation: 'AS', value: 'AS64500' },
            {
              ...housekeeping,
              type: 'datetime',
              object_relation: 'first-seen',
              value: '2016-08-28T10:00:00.000000+0000',
            },
            { ...housekeeping, type: 'text', object_relation: 'country-code', value: 'LU' },
          ],
        },
        {
          ...own,
          name: 'netflow',
          Attribute: [
            { ...housekeeping, type: 'ip-src', object_relation: 'ip-src', value: '203.0.113.9' },
            { ...housekeeping, type: 'text', object_relation: 'protocol', value: 'TCP' },
            { ...housekeeping, type: 'text', object_relation: 'tcp-flags', value: '0x12' },
            { ...housekeeping, type: 'AS', object_relation: 'src-as', value: 'AS64501' },
            { ...housekeeping, type: 'text', object_relation: 'direction', value: 'Egress' },
            { ...housekeeping, type: 'counter', object_relation: 'packet-count', value: 5 },
            { ...housekeeping, type: 'datetime', object_relation: 'last-packet-seen', value: 'yesterday' },
          ],
        },
        { ...own, name: 'file', Attribute: [] },
      ],
    };
    const { message, losses } = decode({ response: [{ Event: event }, { Event: event }] });
    expect(message).toEqual({
      kind: 'alert',
      id: expect.stringMatching(/^[0-9]+$/),
      sender: { name: 'CIRCL' },
      createdMs: Date.parse('2016-08-29T00:00:00Z'),
      event: {
        type: 'botInfection',
        classifications: [
          { scheme: 'ecsirt', value: 'malicious-code:botnet-drone' },
          { scheme: 'misp', value: 'workflow' },
        ],
        startMs: Date.parse('2016-08-28T10:00:00Z'),
        severity: 'medium',
        sources: [
          { address: '203.0.113.9', ports: [{ low: 23 }] },
          { address: '203.0.113.10', name: 'c2.example' },
          { address: '203.0.113.11', asn: 64500 },
        ],
        targets: [{ address: '2001:db8::', prefixLength: 32 }],
        tlp: 'clear',
        text: 'Mirai botnet',
        flows: {
          layout: { columns: [8, 4, 6, 16, 61, 2].map((id) => ({ kind: 'iana', id })) },
          groups: [{ rows: [[Uint8Array.of(203, 0, 113, 9), 6, 0x12, 64501, 1, 5]] }],
        },
        additional: [
          { name: 'md5', value: '0749bae92ca336a02c83d126e04ec628' },
          { name: 'comment', value: 'UPX packed' },
        ],
      },
    });
    expect(losses.map(({ path }) => path)).toEqual([
      'response[1]',
      'ip-port.country-code',
      'netflow.last-packet-seen',
      'Event.Object',
      'Event.Galaxy',
      'Event.Attribute.Tag',
    ]);
  });

  it('reads an event without the object around it', () => {
    const { message } = decode({
      info: 'Port scan',
      timestamp: 1472541011,
      Attribute: [{ type: 'ip-src', value: '203.0.113.9' }],
    });
    expect(message.createdMs).toBe(1_472_541_011_000);
    expect(message.event).toMatchObject({ type: 'scan', sources: [{ address: '203.0.113.9' }] });
  });

  it.each([
    [[], 'FORMATS_OTHER_FORMAT'],
    [{ response: [] }, 'FORMATS_OTHER_FORMAT'],
    [{ Event: [] }, 'FORMATS_OTHER_FORMAT'],
    [{ info: 'x', Attribute: 'y' }, 'FORMATS_OTHER_FORMAT'],
    [{ Event: { info: 'x' } }, 'FORMATS_MISSING'],
    [{ Event: { timestamp: '99999999999999999999' } }, 'FORMATS_MISSING'],
    [
      {
        Event: {
          timestamp: '1',
          Attribute: [{ type: 'other', value: '-1', comment: 'flowpact:sender.asn' }],
        },
      },
      'FORMATS_BAD_VALUE',
    ],
    [
      {
        Event: { timestamp: '1', Attribute: [{ type: 'other', value: '[', comment: 'flowpact:sender.asn' }] },
      },
      'FORMATS_BAD_SYNTAX',
    ],
  ])('refuses %j', (document, code) => {
    expect(() => decode(document)).toThrow(expect.objectContaining({ code }));
  });
});
