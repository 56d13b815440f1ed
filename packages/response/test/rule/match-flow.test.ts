import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrafficFlow } from '../../src/collateral/flow-replay.ts';
import { aspectsOf, compileMatch, readFlow } from '../../src/rule/match-flow.ts';
import type { TrafficMatch } from '../../src/rule/rule.ts';

/** A packet, and what a rule does to it: the reference that flows are held against. */
interface Packet {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly flags: number;
  readonly length: number;
}

const host = (last: number) => `192.0.2.${last}`;

function hits(match: TrafficMatch, packet: Packet): boolean {
  const inside = (prefix: string | undefined, last: number) => {
    if (prefix === undefined) return true;
    const [address, length] = prefix.split('/');
    const shift = 32 - Number(length);
    return Number(address.split('.')[3]) >> shift === last >> shift;
  };
  const within = (ranges: TrafficMatch['sourcePorts'], value: number) =>
    ranges === undefined || ranges.some(({ low, high = low }) => low <= value && value <= high);
  return (
    inside(match.source, packet.source) &&
    inside(match.destination, packet.destination) &&
    (match.protocols === undefined || match.protocols.includes(packet.protocol)) &&
    within(match.sourcePorts, packet.sourcePort) &&
    within(match.destinationPorts, packet.destinationPort) &&
    within(match.packetLengths, packet.length) &&
    (match.tcpFlags === undefined ||
      ((packet.flags & match.tcpFlags.set) === match.tcpFlags.set &&
        (packet.flags & match.tcpFlags.clear) === 0))
  );
}

function flowOf(packets: readonly Packet[]): TrafficFlow {
  const [{ source, destination, protocol, sourcePort, destinationPort }] = packets;
  return {
    source: host(source),
    destination: host(destination),
    protocol,
    sourcePort,
    destinationPort,
    tcpFlags: packets.reduce((flags, packet) => flags | packet.flags, 0),
    packets: packets.length,
    octets: packets.reduce((octets, { length }) => octets + length, 0),
    flows: 1,
  };
}

const last = fc.constantFrom(1, 2, 3, 9, 200);
const port = fc.constantFrom(0, 53, 80, 443, 50_000);
const length = fc.constantFrom(20, 40, 60, 500, 1500);
const flags = fc.integer({ min: 1, max: 31 });
const packets: fc.Arbitrary<Packet[]> = fc
  .record({
    source: last,
    destination: last,
    protocol: fc.constantFrom(6, 17),
    sourcePort: port,
    destinationPort: port,
  })
  .chain((key) =>
    fc
      .array(fc.record({ flags, length }), { minLength: 1, maxLength: 4 })
      .map((each) => each.map((packet) => ({ ...key, ...packet }))),
  );

const prefix = fc.tuple(last, fc.constantFrom(24, 30, 31, 32)).map(([address, bits]) => {
  const shift = 32 - bits;
  return `${host((address >> shift) << shift)}/${bits}`;
});
const ranges = (value: fc.Arbitrary<number>) =>
  fc.array(
    fc.tuple(value, value).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
    {
      minLength: 1,
      maxLength: 2,
    },
  );
const match: fc.Arbitrary<TrafficMatch> = fc
  .record(
    {
      source: prefix,
      destination: prefix,
      protocols: fc.constantFrom([6], [17], [6, 17]),
      ports: fc.record({ sourcePorts: ranges(port), destinationPorts: ranges(port) }, { requiredKeys: [] }),
      tcpFlags: fc
        .tuple(flags, fc.integer({ min: 0, max: 31 }))
        .map(([set, clear]) => ({ set, clear: clear & ~set })),
      packetLengths: ranges(length),
    },
    { requiredKeys: ['destination'] },
  )
  .map(({ ports, tcpFlags, protocols, ...rest }) => ({
    ...rest,
    ...(protocols && { protocols, ...ports }),
    ...(protocols?.join() === '6' && tcpFlags && { tcpFlags }),
  }));

const test = (rule: TrafficMatch, flow: TrafficFlow) => {
  const read = readFlow(flow);
  return read && compileMatch(rule)(read);
};

describe('compileMatch', () => {
  it('says no only where no packet is hit, and tells all of flows of one packet', () => {
    fc.assert(
      fc.property(match, packets, (rule, all) => {
        const hit = test(rule, flowOf(all));
        const some = all.some((packet) => hits(rule, packet));
        if (some) expect(hit).not.toBe('no');
        if (all.length === 1) expect(hit).toBe(some ? 'yes' : 'no');
      }),
      { numRuns: 2000 },
    );
  });

  it('says yes where every packet is hit', () => {
    fc.assert(
      fc.property(match, packets, (rule, all) => {
        const [first] = all;
        const alike = all.map(() => first);
        fc.pre(hits(rule, first));
        expect(test(rule, flowOf(alike))).toBe('yes');
      }),
    );
  });

  it('tells of flows that were added up what it tells of each, where they are alike', () => {
    fc.assert(
      fc.property(match, packets, fc.integer({ min: 2, max: 9 }), (rule, all, flows) => {
        const one = flowOf(all);
        const sum = { ...one, flows, packets: flows * one.packets, octets: flows * one.octets };
        expect(test(rule, sum)).toBe(test(rule, one));
      }),
    );
  });

  const destination = '2001:db8::/64';
  const flow: TrafficFlow = {
    source: '2001:db8:1::1',
    destination: '2001:db8::5',
    packets: 3,
    octets: 300,
    flows: 1,
  };

  it('reads IPv6, and keeps the families apart', () => {
    expect(test({ destination }, flow)).toBe('yes');
    expect(test({ destination, source: '2001:db8:1::/48' }, flow)).toBe('yes');
    expect(test({ destination: '2001:db8:1::/64' }, flow)).toBe('no');
    expect(test({ destination }, { ...flow, source: '192.0.2.1', destination: '192.0.2.2' })).toBe('no');
  });

  it('cannot rule out what is not known', () => {
    const tcp = { destination, protocols: [6] };
    expect(test(tcp, flow)).toBe('perhaps');
    expect(test({ ...tcp, destinationPorts: [{ low: 80 }] }, { ...flow, protocol: 6 })).toBe('perhaps');
    expect(test({ ...tcp, tcpFlags: { set: 2, clear: 16 } }, { ...flow, protocol: 6, tcpFlags: 0 })).toBe(
      'perhaps',
    );
    expect(test({ destination, isFragment: true }, flow)).toBe('perhaps');
    expect(test({ destination, packetLengths: [{ low: 40 }] }, { ...flow, packets: 0 })).toBe('perhaps');
  });

  it('reads no address from what is none', () => {
    expect(readFlow({ ...flow, source: 'nowhere' })).toBeUndefined();
  });

  it('names what flows have to be alike in', () => {
    expect(aspectsOf([])).toEqual([]);
    expect(aspectsOf([{}, { protocols: [17], sourcePorts: [{ low: 53 }] }])).toEqual([
      'protocol',
      'sourcePort',
    ]);
    const flood = { protocols: [6], tcpFlags: { set: 2, clear: 0 }, packetLengths: [{ low: 40 }] };
    expect(aspectsOf([flood])).toEqual(['protocol', 'tcpFlags', 'packetLength']);
  });
});
