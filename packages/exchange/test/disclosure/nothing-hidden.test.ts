import {
  addressToOctets,
  type Endpoint,
  type FlowValue,
  type SecurityEvent,
  stringifyEvent,
} from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventDisclosure } from '../../src/disclosure/disclosure.ts';
import { type AddressAnonymisation, disclosedFields } from '../../src/index.ts';
import { createAddressSpace } from '../../src/partner/address-space.ts';
import { knownPartner } from '../../src/partner/known-partner.ts';
import { partnerNamed } from '../two-networks.ts';

/** None of them is the first of its /24 or /48, which truncation leaves of it. */
const hidden = ['192.0.2.77', '192.0.2.201', '100.64.9.9', '2001:db8:0:7::77', '2001:db8:aaaa::99'];
const open = ['198.51.100.77', '203.0.113.77'];

const address = fc.constantFrom(...hidden, ...open);
const text = fc
  .tuple(
    fc.constantFrom('', 'at ', '[', 'http://', 'a.b,'),
    address,
    fc.constantFrom('', '.', ':53', ']:53', '/24', ', '),
  )
  .map((parts) => parts.join(''));
const scalar: fc.Arbitrary<FlowValue> = fc.oneof(
  address.map((one) => addressToOctets(one)),
  text,
  fc.nat(),
);
const value = fc.oneof(
  scalar,
  fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 }),
);
const side: fc.Arbitrary<readonly Endpoint[]> = fc.array(
  fc.record({ address, name: text, role: text }, { requiredKeys: ['address'], noNullPrototype: true }),
  { maxLength: 4 },
);

const columns = [8, 12, 27, 28, 225, 291, 461].map((id) => ({ kind: 'iana' as const, id }));
const event: fc.Arbitrary<SecurityEvent> = fc.record(
  {
    type: fc.constant('scan' as const),
    sources: fc.constant([{ address: '203.0.113.77' }]),
    targets: side,
    text,
    detector: fc.record({ name: text, rule: text }),
    classifications: fc.array(fc.record({ scheme: fc.constant('x'), value: text }), { maxLength: 2 }),
    additional: fc.array(fc.record({ name: text, value }), { maxLength: 3 }),
    flows: fc.array(value, { maxLength: columns.length }).map((row) => ({
      layout: { columns },
      trigger: row,
      groups: [{ relation: 'with 192.0.2.77', exporter: '192.0.2.77', rows: [row] }],
    })),
  },
  { requiredKeys: ['type', 'sources'], noNullPrototype: true },
);

const anonymisations: readonly AddressAnonymisation[] = [
  { kind: 'truncation', of: ['ours', 'others'], ipv4Bits: 24, ipv6Bits: 48 },
  { kind: 'prefixPreserving', of: ['ours', 'others'], key: Buffer.alloc(32, 9) },
];

describe.each(anonymisations)('with $kind', (anonymisation) => {
  const disclosure = createEventDisclosure(
    knownPartner({
      ...partnerNamed('isp-b.example'),
      addressSpace: ['198.51.100.0/24'],
      policy: {
        trustLevel: 'high',
        disclosure: {
          anonymisation,
          flowColumns: columns.map(({ id }) => id),
          fields: disclosedFields.filter((field) => field !== 'exporters'),
        },
      },
    }),
    createAddressSpace(['192.0.2.0/24', '2001:db8::/32'], 'ours'),
  );

  it('no address that is to be hidden is anywhere in what the partner sees', () => {
    fc.assert(
      fc.property(event, (full) => {
        const seen = stringifyEvent(disclosure.event(full));
        for (const one of hidden) {
          expect(seen).not.toContain(one);
          expect(seen).not.toContain(Buffer.from(addressToOctets(one)).toString('hex'));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('addresses that it may see are there as they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...open), (one) => {
        const full: SecurityEvent = {
          type: 'scan',
          sources: [{ address: '203.0.113.77' }],
          targets: [{ address: one, name: `host-${one}` }],
          text: `seen at ${one}:53.`,
          additional: [{ name: 'x', value: [addressToOctets(one)] }],
          flows: { layout: { columns: columns.slice(0, 1) }, groups: [{ rows: [[addressToOctets(one)]] }] },
        };
        const { flows, ...rest } = disclosure.event(full);
        const { flows: fullFlows, ...fullRest } = full;
        expect(rest).toEqual(fullRest);
        expect(flows?.groups).toEqual(fullFlows?.groups);
      }),
    );
  });
});
