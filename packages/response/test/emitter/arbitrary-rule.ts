import fc from 'fast-check';
import { normalRule, type Rule, type RuleAction } from '../../src/index.ts';

const ipv4 = fc
  .tuple(fc.nat(223), fc.nat(255), fc.nat(255), fc.nat(255))
  .map(([a, b, c, d]) => `${a}.${b}.${c}.${d}/32`);
const ipv6 = fc
  .tuple(fc.nat(0xffff), fc.nat(0xffff))
  .map(([a, b]) => `2001:db8:${a.toString(16)}:${b.toString(16)}::/64`);
const ranges = fc.array(
  fc.tuple(fc.nat(65_535), fc.nat(65_535)).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
  { minLength: 1, maxLength: 5 },
);

const action: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.constant({ kind: 'drop' } as const),
  fc
    .integer({ min: 1, max: 2 ** 24 })
    .map((octetsPerSecond) => ({ kind: 'rateLimit', octetsPerSecond }) as const),
  fc
    .oneof(
      fc.tuple(fc.nat(0xffff), fc.nat(0xffffffff)),
      fc.tuple(fc.integer({ min: 0x10000, max: 0xffffffff }), fc.nat(0xffff)),
    )
    .map(([as, number]) => ({ kind: 'redirect', routeTarget: `${as}:${number}` }) as const),
  fc.nat(63).map((dscp) => ({ kind: 'mark', dscp }) as const),
);

/** Rules of all shapes, in their one spelling. */
export const arbitraryRule: fc.Arbitrary<Rule> = fc
  .oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6))
  .chain(([destination, source]) => {
    const ends = fc.constantFrom({ destination }, { source }, { destination, source });
    const lengths = fc.option(ranges, { nil: undefined });
    const isFragment = fc.constantFrom(true as const, undefined);
    const ported = fc.record({
      protocols: fc.uniqueArray(fc.constantFrom(6, 17, 33, 132), { minLength: 1 }),
      sourcePorts: fc.option(ranges, { nil: undefined }),
      destinationPorts: fc.option(ranges, { nil: undefined }),
    });
    const tcp = fc
      .tuple(fc.nat(255), fc.nat(255))
      .filter(([set, clear]) => (set | (clear & ~set)) !== 0)
      .map(([set, clear]) => ({ protocols: [6], tcpFlags: { set, clear: clear & ~set } }));
    const portless = fc.record({
      protocols: fc.option(fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 5 }), { nil: undefined }),
    });
    const flow = fc
      .record({ ends, what: fc.oneof(ported, tcp, portless), packetLengths: lengths, isFragment, action })
      .map(({ ends, what, packetLengths, isFragment, action }) => ({
        match: { ...ends, ...what, packetLengths, isFragment },
        action,
      }));
    if (!destination.endsWith('/32')) return flow;
    return fc.oneof(fc.constant({ match: { destination }, action: { kind: 'blackhole' } as const }), flow);
  })
  .map((rule) => normalRule(rule as Rule));
