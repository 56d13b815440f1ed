import { type Endpoint, eventTypes, parseIpPrefix, type SecurityEvent } from '@flowpact/event';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimedFlow } from '../../src/collateral/memory-replay.ts';
import { containsPrefix } from '../../src/rule/prefix.ts';
import { evidence, flow, planned } from './planned.ts';

/** Few addresses, so that sources, targets and flows meet. */
const address = fc.constantFrom(
  '198.51.100.1',
  '198.51.100.2',
  '203.0.113.7',
  '100.64.0.9',
  '2001:db8::1',
  '2001:db8:1::7',
  '0.0.0.0',
  '::',
);
const port = fc.constantFrom(0, 22, 53, 80, 443, 50_000);
const endpoint: fc.Arbitrary<Endpoint> = fc.record(
  {
    address,
    prefixLength: fc.constantFrom(0, 8, 24, 31, 32),
    protocol: fc.constantFrom(0, 1, 6, 17, 47, 58, 255),
    ports: fc.array(
      port.map((low) => ({ low })),
      { maxLength: 6 },
    ),
    role: fc.constantFrom('c2', 'bot', 'reflector'),
    spoofed: fc.boolean(),
    name: fc.constantFrom('host.example'),
  },
  { requiredKeys: [] },
);
const timed: fc.Arbitrary<TimedFlow> = fc
  .record({
    source: address,
    destination: address,
    protocol: fc.constantFrom(1, 6, 17, undefined),
    sourcePort: port,
    destinationPort: port,
    tcpFlags: fc.constantFrom(0, 2, 0x1b, undefined),
    packets: fc.constantFrom(0, 1, 3, 1000),
    octets: fc.constantFrom(0, 40, 3000),
  })
  .map(({ source, destination, ...fields }) => flow(source, destination, fields as Partial<TimedFlow>));
const event: fc.Arbitrary<SecurityEvent> = fc.record(
  {
    type: fc.constantFrom(...eventTypes),
    confidence: fc.integer({ min: 0, max: 100 }),
    sources: fc.array(endpoint, { maxLength: 12 }),
    targets: fc.array(endpoint, { maxLength: 12 }),
    flows: fc
      .array(timed, { maxLength: 20 })
      .map((flows) =>
        evidence(
          flows.filter(({ source, destination }) => !source.includes(':') && !destination.includes(':')),
        ),
      ),
  },
  { requiredKeys: ['type'] },
);
const actions = [{ kind: 'drop' }, { kind: 'blackhole' }] as const;

describe('whatever event comes', () => {
  it('makes rules within the bounds, and none that is free and breaks a limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        event,
        fc.array(timed, { maxLength: 40 }),
        fc.boolean(),
        async (given, flows, isAsked) => {
          const origin = isAsked
            ? ({
                kind: 'request',
                partner: 'b',
                reference: { sender: 'b', id: '1' },
                addressSpace: ['198.51.100.0/24', '2001:db8::/48'],
              } as const)
            : ({ kind: 'event' } as const);
          const asks = [{ action: 'block' }, { action: 'blackhole' }] as const;
          const plans = await planned(given, { flows, origin, asks, entry: { actions } });
          expect(plans.length).toBeLessThanOrEqual(8);
          for (const { candidates, chosen } of plans) {
            expect(candidates.length).toBeGreaterThan(0);
            expect(candidates.length).toBeLessThanOrEqual(13);
            const free = candidates.filter(({ refusal }) => refusal === undefined);
            if (free.length > 0) expect(candidates[chosen].refusal).toBeUndefined();
            for (const { rule, collateral } of free) {
              expect(collateral?.verdict.isAcceptable).toBe(true);
              expect(collateral?.otherHosts).toBeLessThanOrEqual(10);
              for (const text of [rule.match.source, rule.match.destination]) {
                if (text !== undefined)
                  expect(parseIpPrefix(text).length).toBeGreaterThanOrEqual(text.includes(':') ? 48 : 24);
              }
              if (isAsked) {
                const destination = parseIpPrefix(rule.match.destination ?? '0.0.0.0/0');
                expect(
                  origin.addressSpace?.some((own) => containsPrefix(parseIpPrefix(own), destination)),
                ).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('makes nothing of an event that names nobody', async () => {
    for (const type of eventTypes) {
      expect(await planned({ type })).toEqual([]);
      expect(await planned({ type, sources: [{ name: 'host.example' }], targets: [{ asn: 64500 }] })).toEqual(
        [],
      );
      expect(await planned({ type, targets: [{ address: '0.0.0.0', prefixLength: 0 }] })).toEqual([]);
    }
  });

  it('stays with rules for one host where everybody is the target', async () => {
    const attacker = '203.0.113.7';
    const flows = [flow(attacker, '198.51.100.1', { destinationPort: 22 })];
    const plans = await planned(
      {
        type: 'bruteForce',
        sources: [{ address: attacker }],
        targets: [{ address: '0.0.0.0', prefixLength: 0 }],
      },
      { flows },
    );
    expect(plans).toHaveLength(1);
    expect(plans[0].candidates.map(({ rule }) => rule.match)).toEqual([{ source: `${attacker}/32` }]);
  });

  it('takes thousands of endpoints', async () => {
    const hosts = (net: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ address: `${net}.${i >> 8}.${i & 255}.1` }));
    const sources = hosts(100, 20_000);
    const flows = sources.slice(0, 2000).map(({ address: from }) => flow(from, '10.0.0.1'));
    const plans = await planned(
      { type: 'bruteForce', sources, targets: hosts(10, 20_000), flows: evidence(flows) },
      { flows },
    );
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.length).toBeLessThanOrEqual(8);
  });
});
