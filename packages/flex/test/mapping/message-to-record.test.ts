import type { Message, SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { FlexReal, flexRecordFromMessage } from '../../src/index.ts';

function message(event: Partial<SecurityEvent> = {}, more: Partial<Message> = {}): Message {
  return {
    kind: 'request',
    id: '42',
    sender: { name: 'isp-a.example' },
    createdMs: Date.parse('2026-01-01T00:00:00.250Z'),
    event: { type: 'dDoS', ...event },
    ...more,
  };
}

describe('flexRecordFromMessage', () => {
  it('puts every field where the module has it', () => {
    const record = flexRecordFromMessage({
      ...message({
        startMs: 0,
        endMs: 1000,
        detector: { name: 'flowpact', version: '1', method: 'epl', rule: 'a.epl#B' },
        classifications: [{ scheme: 'rsit', value: 'availability:ddos' }],
        severity: 'high',
        confidence: 80,
        sources: [{ address: '192.0.2.1', prefixLength: 32, role: 'bot' }],
        targets: [{ address: '2001:db8::1', ports: [{ low: 53 }], protocol: 17, spoofed: false }],
        totals: { flows: 1, packets: 2, octets: 3, packetsPerSecond: 4, bitsPerSecond: 5n ** 30n },
        tlp: 'amberStrict',
        text: 'A flood.',
        flowSource: { protocol: 'netflow', version: 9 },
        flows: {
          layout: {
            columns: [{ kind: 'iana', id: 8 }],
            sampling: { algorithm: 'random', interval: 100 },
          },
          trigger: [1.5],
          groups: [
            {
              relation: 'evidence',
              exporter: '192.0.2.254',
              observationDomainId: 3,
              layout: { columns: [{ kind: 'named', name: 'x' }] },
              rows: [[1, -0, 2 ** 53, [0.5]]],
            },
          ],
        },
        additional: [{ name: 'flags', value: 1e300 }],
      }),
      sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:soc@isp-a.example', keyId: 'C0FFEE' },
      conversation: {
        inReplyTo: { sender: 'isp-b.example', id: '-7' },
        related: [],
        asks: [{ action: 'block', scope: [{ asn: 1 }], lifetimeSeconds: 60, octetsPerSecond: 0 }],
        outcome: { status: 'partial', reason: 'some', applied: [{ action: 'stop' }], untilMs: 60_000 },
        expiresMs: 120_000,
        supersedes: { sender: 'isp-a.example', id: '18446744073709551616' },
      },
    });
    expect(record).toStrictEqual({
      settings: { id: 42, msgType: 'request', eventType: 'dDoS', type: 'netflow', version: 'nine' },
      flowFields: {
        fields: [{ kind: 'iana', id: 8 }],
        sampling: { algorithm: 'random', interval: 100 },
      },
      detection: {
        sender: {
          name: 'isp-a.example',
          asn: 64500,
          contact: 'mailto:soc@isp-a.example',
          keyId: Uint8Array.of(0xc0, 0xff, 0xee),
        },
        created: '20260101000000.25Z',
        start: '19700101000000Z',
        end: '19700101000001Z',
        detector: { name: 'flowpact', version: '1', method: 'epl', rule: 'a.epl#B' },
        classification: [{ scheme: 'rsit', value: 'availability:ddos' }],
        severity: 'high',
        confidence: 80,
        sources: [{ address: Uint8Array.of(192, 0, 2, 1), prefix: 32, role: 'bot' }],
        targets: [
          {
            address: Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
            protocol: 17,
            ports: [{ low: 53 }],
            spoofed: false,
          },
        ],
        flow: [new FlexReal(1.5)],
        totals: { flows: 1, packets: 2, octets: 3, pps: 4, bps: 5n ** 30n },
        tlp: 'amberStrict',
        exchange: {
          inReplyTo: { sender: 'isp-b.example', id: -7 },
          related: [],
          asks: [{ action: 'block', scope: [{ asn: 1 }], lifetime: 60, rate: 0 }],
          outcome: {
            status: 'partial',
            reason: 'some',
            applied: [{ action: 'stop' }],
            until: '19700101000100Z',
          },
          expires: '19700101000200Z',
          supersedes: { sender: 'isp-a.example', id: 18446744073709551616n },
        },
        text: 'A flood.',
        additional: [{ name: 'flags', value: new FlexReal(1e300) }],
      },
      correlation: [
        {
          relation: 'evidence',
          exporter: Uint8Array.of(192, 0, 2, 254),
          domainId: 3,
          fields: { fields: [{ kind: 'named', name: 'x' }] },
          flows: [[1, new FlexReal(-0), new FlexReal(2 ** 53), [new FlexReal(0.5)]]],
        },
      ],
    });
  });

  it('says other and none where the source of the flows is not known', () => {
    expect(flexRecordFromMessage(message()).settings).toMatchObject({ type: 'other', version: 'none' });
  });

  it('does not copy the rows that need no change', () => {
    const rows = [
      [1, 'a', Uint8Array.of(1), null, [2]],
      [3, true],
    ];
    const record = flexRecordFromMessage(message({ flows: { layout: { columns: [] }, groups: [{ rows }] } }));
    expect(record.correlation[0].flows).toBe(rows);
  });

  it('carries a version without a word as a property, the last one', () => {
    const record = flexRecordFromMessage(
      message({ flowSource: { protocol: 'netflow', version: 6 }, additional: [{ name: 'a', value: 1 }] }),
    );
    expect(record.settings).toMatchObject({ type: 'netflow', version: 'none' });
    expect(record.detection.additional).toEqual([
      { name: 'a', value: 1 },
      { name: 'flex:flowSource.version', value: 6 },
    ]);
  });

  it.each([
    ['an id', { id: '1.5' }, 'settings.id'],
    ['a time', { createdMs: Number.NaN }, 'detection.created'],
    ['the year 10000', { createdMs: 253_402_300_800_000 }, 'detection.created'],
    [
      'an address',
      { event: { type: 'scan' as const, sources: [{}, { address: '192.0.2.300' }] } },
      'detection.sources[1].address',
    ],
    [
      'an exporter',
      {
        event: {
          type: 'scan' as const,
          flows: { layout: { columns: [] }, groups: [{ exporter: 'router1', rows: [] }] },
        },
      },
      'correlation[0].exporter',
    ],
    [
      'an address within an ask',
      {
        conversation: {
          outcome: {
            status: 'applied' as const,
            applied: [{ action: 'block' as const, scope: [{ address: '' }] }],
          },
        },
      },
      'detection.exchange.outcome.applied[0].scope[0].address',
    ],
  ])('refuses %s that FLEX cannot say', (_, more, path) => {
    expect(() => flexRecordFromMessage(message({}, more))).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', path }),
    );
  });
});
