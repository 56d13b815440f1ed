import { addressToOctets, type FlowTable, octetsToAddress, type SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { createEventDisclosure, type EventDisclosure } from '../../src/disclosure/disclosure.ts';
import { type AddressAnonymisation, defaultPolicies, type PartnerPolicy } from '../../src/index.ts';
import { createAddressSpace } from '../../src/partner/address-space.ts';
import { knownPartner } from '../../src/partner/known-partner.ts';
import { exampleEvent, exampleMs } from '../example-event.ts';
import { partnerNamed } from '../two-networks.ts';

/** Ours is 192.0.2.0/24; the partner's 198.51.100.0/24; the attacker 203.0.113.7. */
function disclosure(policy: PartnerPolicy): EventDisclosure {
  const partner = { ...partnerNamed('isp-b.example'), addressSpace: ['198.51.100.0/24'], policy };
  return createEventDisclosure(
    knownPartner(partner),
    createAddressSpace(['192.0.2.0/24', '2001:db8::/32'], 'ours'),
  );
}

const hiding = (anonymisation: AddressAnonymisation): PartnerPolicy => ({
  trustLevel: 'high',
  disclosure: { anonymisation },
});

const octets = (address: string) => addressToOctets(address);
const iana = (id: number) => ({ kind: 'iana' as const, id });

const attack: SecurityEvent = {
  type: 'scan',
  startMs: exampleMs,
  tlp: 'amber',
  sources: [{ address: '203.0.113.7', name: 'attacker.example', asn: 64500 }],
  targets: [
    { address: '198.51.100.1', name: 'theirs.example' },
    { address: '192.0.2.1', name: 'www.example', ports: [{ low: 22 }] },
    { address: '192.0.2.2', ports: [{ low: 22 }] },
    { address: '100.64.9.9' },
    { address: '2001:db8:0:7::1' },
    { name: 'only.example' },
  ],
  flows: {
    layout: { columns: [iana(8), iana(12), iana(7), iana(1)] },
    groups: [
      {
        exporter: '192.0.2.250',
        observationDomainId: 9,
        rows: [
          [octets('203.0.113.7'), octets('198.51.100.1'), 1024, 40],
          [octets('203.0.113.7'), octets('192.0.2.1'), 1025, 40],
          [octets('100.64.9.9'), octets('192.0.2.2'), 1026, 40],
        ],
      },
    ],
  },
};

const addressRows = (flows: FlowTable | undefined) =>
  flows?.groups.map(({ rows }) =>
    rows.map((row) => row.slice(0, 2).map((value) => octetsToAddress(value as Uint8Array))),
  );

describe('a partner without anonymisation', () => {
  it('of trust high sees the event as it is', () => {
    const all = disclosure({ trustLevel: 'high' }).event(exampleEvent());
    expect(all).toEqual(exampleEvent());
    const additional = [{ name: 'a', value: '192.0.2.1' }];
    expect(disclosure({ trustLevel: 'high' }).event({ ...attack, additional })).toEqual({
      ...attack,
      additional,
    });
  });

  it.each(defaultPolicies.high.disclosure.fields)(
    'does not see %s where its policy leaves it out',
    (field) => {
      const event: SecurityEvent = {
        ...exampleEvent(),
        classifications: [{ scheme: 'rsit', value: 'x' }],
        sources: [{ address: '203.0.113.7', name: 'host.example' }],
        additional: [{ name: 'url', value: 'http://host.example/' }],
        flows: { ...attack.flows!, groups: attack.flows!.groups },
      };
      const fields = defaultPolicies.high.disclosure.fields.filter((other) => other !== field);
      const shown = disclosure({ trustLevel: 'high', disclosure: { fields } }).event(event);
      expect(shown).not.toEqual(event);
      switch (field) {
        case 'names':
          expect(shown).toEqual({ ...event, sources: [{ address: '203.0.113.7' }] });
          break;
        case 'exporters': {
          const { exporter: _, observationDomainId: __, ...group } = event.flows!.groups[0]!;
          expect(shown).toEqual({ ...event, flows: { ...event.flows, groups: [group] } });
          break;
        }
        default: {
          const { [field]: _, ...rest } = event;
          expect(shown).toEqual(rest);
        }
      }
    },
  );

  it('of trust low sees who, whom, what, when and how bad', () => {
    const shown = disclosure({ trustLevel: 'low', disclosure: { anonymisation: { kind: 'none' } } }).event(
      exampleEvent(),
    );
    expect(Object.keys(shown).sort()).toEqual(
      ['confidence', 'endMs', 'severity', 'sources', 'startMs', 'targets', 'tlp', 'totals', 'type'].sort(),
    );
  });
});

describe('the columns of flows', () => {
  const flows: FlowTable = {
    layout: {
      columns: [
        iana(8),
        iana(461),
        { kind: 'named', name: 'url' },
        { kind: 'enterprise', pen: 29305, id: 1 },
        { kind: 'enterprise', pen: 9, id: 1, name: 'x' },
        iana(1),
      ],
      anonymisation: { technique: 'permutation', columns: [1, 5] },
      sampling: { algorithm: 'random', interval: 10 },
    },
    trigger: [octets('203.0.113.7'), '/secret', 'http://secret', 1, 2, 3],
    groups: [
      { relation: 'evidence', rows: [[octets('203.0.113.8'), '/secret', 'http://secret', 4, 5, 6], [null]] },
    ],
  };

  it('are those that its policy allows, others are gone with their values', () => {
    const shown = disclosure({ trustLevel: 'high' }).flows(flows, attack);
    expect(shown).toEqual({
      layout: {
        columns: [iana(8), { kind: 'enterprise', pen: 29305, id: 1 }, iana(1)],
        anonymisation: { technique: 'permutation', columns: [2] },
        sampling: { algorithm: 'random', interval: 10 },
      },
      trigger: [octets('203.0.113.7'), 1, 3],
      groups: [
        {
          relation: 'evidence',
          rows: [
            [octets('203.0.113.8'), 4, 6],
            [null, null, null],
          ],
        },
      ],
    });
    const some = disclosure({ trustLevel: 'high', disclosure: { flowColumns: ['url', '9/1'] } });
    expect(some.flows(flows, attack)?.trigger).toEqual(['http://secret', 2]);
    const none = disclosure({ trustLevel: 'high', disclosure: { flowColumns: [4] } });
    expect(none.flows(flows, attack)).toBeUndefined();
  });

  it('are as many rows as its policy allows, over all groups', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => [octets('203.0.113.7'), i]);
    const many: FlowTable = {
      layout: { columns: [iana(8), iana(1)] },
      trigger: [octets('203.0.113.7'), 99],
      groups: [{ rows: rows(3) }, { rows: rows(3) }, { rows: rows(3) }],
    };
    const count = (maxFlows: number) => {
      const shown = disclosure({ trustLevel: 'high', disclosure: { maxFlows } }).flows(many, attack);
      return shown && [shown.trigger ? 1 : 0, ...shown.groups.map((group) => group.rows.length)];
    };
    expect(count(6)).toEqual([1, 3, 2]);
    expect(count(4)).toEqual([1, 3]);
    expect(count(1)).toEqual([1]);
    expect(count(0)).toBeUndefined();
  });
});

describe('addresses that are truncated', () => {
  const truncation = (of: readonly ('ours' | 'attackers' | 'others')[]) =>
    disclosure(hiding({ kind: 'truncation', of, ipv4Bits: 24, ipv6Bits: 48 }));

  it('become networks, the partner’s own and the attackers’ stay', () => {
    const shown = truncation(['ours', 'others']).event(attack);
    expect(shown.sources).toEqual(attack.sources);
    expect(shown.targets).toEqual([
      { address: '198.51.100.1', name: 'theirs.example' },
      { address: '192.0.2.0', prefixLength: 24, ports: [{ low: 22 }] },
      { address: '100.64.9.0', prefixLength: 24 },
      { address: '2001:db8::', prefixLength: 48 },
      { name: 'only.example' },
    ]);
    expect(addressRows(shown.flows)).toEqual([
      [
        ['203.0.113.7', '198.51.100.1'],
        ['203.0.113.7', '192.0.2.0'],
        ['100.64.9.0', '192.0.2.0'],
      ],
    ]);
    expect(shown.flows?.layout.anonymisation).toEqual({ technique: 'truncation', prefixKept: 24 });
  });

  it.each([
    ['ours', ['203.0.113.7', '192.0.2.0', '100.64.9.9']],
    ['attackers', ['203.0.113.0', '192.0.2.1', '100.64.9.9']],
    ['others', ['203.0.113.7', '192.0.2.1', '100.64.9.0']],
  ] as const)('are those of the group %s alone', (group, expected) => {
    const shown = truncation([group]).event(attack);
    const [[, [attacker, ours], [other]]] = addressRows(shown.flows)! as [string[][]];
    expect([attacker, ours, other]).toEqual(expected);
  });

  it('are said with the bits of their family, or without where there are both', () => {
    const said = (...ids: number[]) =>
      truncation(['ours']).flows({ layout: { columns: ids.map(iana) }, groups: [{ rows: [[]] }] }, attack)
        ?.layout.anonymisation;
    expect(said(8, 12)).toEqual({ technique: 'truncation', prefixKept: 24 });
    expect(said(27, 28)).toEqual({ technique: 'truncation', prefixKept: 48 });
    expect(said(8, 28)).toEqual({ technique: 'truncation' });
  });

  it('do not show in texts, lists, numbers and properties', () => {
    const event: SecurityEvent = {
      ...attack,
      text: 'Seen at 192.0.2.1:22.',
      additional: [
        { name: 'text', value: 'to [2001:db8::1]' },
        { name: 'octets', value: octets('192.0.2.9') },
        { name: 'list', value: [1, ['at 192.0.2.1.']] },
        { name: 'fine', value: 'from 203.0.113.7 to 198.51.100.1 at 12:30:11, v1.2.3' },
      ],
      flows: {
        layout: { columns: [iana(12), iana(7), iana(291)] },
        groups: [
          {
            rows: [
              [3221225985, 22, [octets('192.0.2.1'), 'host 192.0.2.1']],
              [octets('198.51.100.1'), 22, [Buffer.alloc(6, 1)]],
            ],
          },
        ],
      },
    };
    const shown = disclosure({
      trustLevel: 'high',
      disclosure: {
        flowColumns: [12, 7, 291],
        anonymisation: { kind: 'truncation', of: ['ours'], ipv4Bits: 24, ipv6Bits: 48 },
      },
    }).event(event);
    expect(shown.text).toBeUndefined();
    expect(shown.additional?.map(({ name }) => name)).toEqual(['fine']);
    expect(shown.flows?.groups[0]?.rows).toEqual([
      [null, 22, [octets('192.0.2.0'), null]],
      [octets('198.51.100.1'), 22, [Buffer.alloc(6, 1)]],
    ]);
  });

  it('are no attackers because a wide network is a source', () => {
    const wide = { ...attack, sources: [{ address: '100.64.0.0', prefixLength: 16 }] };
    const [[, , [other]]] = addressRows(truncation(['others']).event(wide).flows)! as [string[][]];
    expect(other).toBe('100.64.9.0');
  });
});

describe('addresses that are anonymised with a key', () => {
  const key = Buffer.alloc(32, 7);
  const keyed = disclosure(hiding({ kind: 'prefixPreserving', of: ['ours', 'others'], key }));

  it('are other addresses in flows, and none among sources and targets', () => {
    const shown = keyed.event(attack);
    expect(shown.sources).toEqual(attack.sources);
    expect(shown.targets).toEqual([
      { address: '198.51.100.1', name: 'theirs.example' },
      { ports: [{ low: 22 }] },
      { name: 'only.example' },
    ]);
    const [[toThem, toUs, other]] = addressRows(shown.flows)! as [string[][]];
    expect(toThem).toEqual(['203.0.113.7', '198.51.100.1']);
    expect(toUs?.[0]).toBe('203.0.113.7');
    expect(toUs?.[1]).not.toBe('192.0.2.1');
    expect(other?.[0]).not.toBe('100.64.9.9');
    // 192.0.2.1 and 192.0.2.2 share 30 bits.
    const last = (address: string | undefined) => Number(address?.split('.')[3]);
    expect(toUs?.[1]?.replace(/\.\d+$/, '')).toBe(other?.[1]?.replace(/\.\d+$/, ''));
    expect((last(toUs?.[1]) ^ last(other?.[1])) >> 1).toBe(1);
  });

  it('say so, and name the key without telling it', () => {
    const said = keyed.event(attack).flows?.layout.anonymisation;
    expect(said).toEqual({ technique: 'prefixPreserving', keyId: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const other = disclosure(hiding({ kind: 'prefixPreserving', of: ['ours'], key: Buffer.alloc(32, 8) }));
    expect(other.event(attack).flows?.layout.anonymisation?.keyId).not.toBe(said?.keyId);
  });
});
