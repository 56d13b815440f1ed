import type { SecurityEvent } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { attackOf, compileAttack } from '../../src/candidate/attack.ts';
import { evidenceOf } from '../../src/candidate/evidence.ts';
import { readFlow } from '../../src/rule/match-flow.ts';
import { evidence, flow } from '../plan/planned.ts';

const source = '203.0.113.7';
const target = '198.51.100.10';
const attack = (event: SecurityEvent) => attackOf(event, 10_000);
const named = { sources: [{ address: source }], targets: [{ address: target }] };
const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
const isOf = (event: SecurityEvent, ...flows: Parameters<typeof flow>[]) => {
  const test = compileAttack(attack(event));
  return flows.map((args) => {
    const read = readFlow(flow(...args));
    return read !== undefined && test(read);
  });
};

describe('evidenceOf', () => {
  it('reads what rules look at, of IPv4 and IPv6', () => {
    const flows = [flow(source, target, { packets: 3 })];
    expect(evidenceOf({ type: 'scan', flows: evidence(flows) }, 10)).toMatchObject([
      { flow: { source, destination: target, protocol: 6, destinationPort: 80, packets: 3, flows: 1 } },
    ]);
    const six = [flow('2001:db8::1', '2001:db8::2')];
    expect(evidenceOf({ type: 'scan', flows: evidence(six) }, 10)).toMatchObject([
      { flow: { source: '2001:db8::1' } },
    ]);
  });

  it('reads no more rows than it may, the trigger first', () => {
    const table = evidence(times(5, () => flow(source, target)));
    const [{ rows }] = table.groups;
    const trigger = evidence([flow('192.0.2.1', target)]).groups[0].rows[0];
    const read = evidenceOf({ type: 'scan', flows: { ...table, trigger, groups: [{ rows }] } }, 3);
    expect(read.map(({ flow: each }) => each.source)).toEqual(['192.0.2.1', source, source]);
  });

  it('does not read what was anonymised', () => {
    const flows = [flow(source, target)];
    const technique = 'prefixPreserving';
    expect(
      evidenceOf({ type: 'scan', flows: evidence(flows, { anonymisation: { technique } }) }, 10),
    ).toEqual([]);
    const [ports] = evidenceOf(
      { type: 'scan', flows: evidence(flows, { anonymisation: { technique, columns: [4] } }) },
      10,
    );
    expect(ports.flow).toMatchObject({ source, sourcePort: 40_000 });
    expect(ports.flow.destinationPort).toBeUndefined();
    expect(
      evidenceOf({ type: 'scan', flows: evidence(flows, { anonymisation: { technique: 'none' } }) }, 10),
    ).toHaveLength(1);
  });

  it('leaves out what has no addresses, and values that are none', () => {
    const layout = { columns: [8, 12, 4, 2].map((id) => ({ kind: 'iana' as const, id })) };
    const octets = Uint8Array.of(192, 0, 2, 1);
    const rows = [
      [octets],
      [null, octets],
      ['192.0.2.1', octets],
      [Uint8Array.of(1), octets],
      [octets, octets, -6, 2n ** 70n],
      [],
    ];
    const read = evidenceOf({ type: 'scan', flows: { layout, groups: [{ rows }] } }, 10);
    expect(read).toHaveLength(1);
    expect(read[0].flow.protocol).toBeUndefined();
    expect(read[0].flow.packets).toBe(2 ** 70);
  });
});

describe('the traits of an attack', () => {
  it('are what the event says, before what its flows show', () => {
    const flows = evidence(times(10, () => flow(source, target, { destinationPort: 22 })));
    const targets = [{ address: target, protocol: 17, ports: [{ low: 80, high: 90 }] }];
    expect(attack({ type: 'scan', ...named, targets, flows }).traits).toEqual({
      protocols: [17],
      destinationPorts: [{ low: 80, high: 90 }],
    });
    expect(attack({ type: 'scan', ...named, flows }).traits).toMatchObject({
      protocols: [6],
      destinationPorts: [{ low: 22 }],
    });
  });

  it('are no ports where one target names none, where there are many, or where they look chosen at random', () => {
    const two = [
      { address: target, protocol: 6, ports: [{ low: 80 }] },
      { address: '198.51.100.11', protocol: 6 },
    ];
    expect(attack({ type: 'scan', sources: named.sources, targets: two }).traits).toEqual({ protocols: [6] });
    const many = evidence(times(10, (i) => flow(source, target, { destinationPort: i })));
    expect(attack({ type: 'scan', ...named, flows: many }).traits.destinationPorts).toBeUndefined();
    const random = evidence([flow(source, target, { destinationPort: 51_234 })]);
    expect(attack({ type: 'scan', ...named, flows: random }).traits.destinationPorts).toBeUndefined();
  });

  it('are lengths and lone SYNs only where all flows agree', () => {
    const synAt = (i: number, octets: number) =>
      flow(source, target, { sourcePort: 2000 + i, tcpFlags: i % 2 ? 2 : 0xc2, packets: 1, octets });
    const syns = { type: 'dDoS', ...named } as const;
    expect(attack({ ...syns, flows: evidence(times(10, (i) => synAt(i, 40))) }).traits).toMatchObject({
      tcpFlags: { set: 2, clear: 16 },
      packetLengths: [{ low: 40 }],
    });
    expect(
      attack({ ...syns, flows: evidence(times(10, (i) => synAt(i, 40 + i))) }).traits.packetLengths,
    ).toEqual([{ low: 35, high: 56 }]);
    const mixed = evidence([...times(10, (i) => synAt(i, 40)), flow(source, target, { octets: 9000 })]);
    const { traits } = attack({ ...syns, flows: mixed });
    expect(traits.tcpFlags).toBeUndefined();
    expect(traits.packetLengths).toBeUndefined();
  });
});

describe('a source is not believed', () => {
  const tcp = [{ address: target, protocol: 6 }];
  const complete = evidence(times(10, () => flow(source, target)));
  const half = evidence(times(10, (i) => flow(source, target, i < 2 ? { tcpFlags: 2, packets: 1 } : {})));
  const none = evidence(times(10, () => flow(source, target, { tcpFlags: 2, packets: 1 })));
  const doubt = (event: Partial<SecurityEvent>) => attack({ type: 'dDoS', ...named, ...event }).doubt;

  it.each<[string, Partial<SecurityEvent>, RegExp]>([
    [
      'that is forged',
      { type: 'scan', sources: [{ address: source, spoofed: true }] },
      /says that its sources are forged/,
    ],
    [
      'that is a reflector',
      { type: 'scan', sources: [{ address: source, role: 'reflector' }] },
      /reflectors/,
    ],
    ['of an amplifier', { type: 'amplifier' }, /reflectors/],
    ['of a flood by nobody knows what', {}, /nothing tells the protocol/],
    ['of a flood by UDP', { targets: [{ address: target, protocol: 17 }] }, /it is UDP/],
    [
      'of a flood by NTP',
      { sources: [{ address: source, protocol: 17, ports: [{ low: 123 }] }] },
      /comes from NTP servers \(port 123\)/,
    ],
    ['of a flood by ICMP', { targets: [{ address: target, protocol: 1 }] }, /it is ICMP/],
    ['of a flood by ICMPv6', { type: 'other', targets: [{ address: target, protocol: 58 }] }, /it is ICMP/],
    ['of a flood by GRE', { targets: [{ address: target, protocol: 47 }] }, /not TCP alone/],
    ['of a flood by TCP without evidence', { targets: tcp }, /no flow travels with it/],
    ['of a flood of SYNs', { flows: none }, /^0 of 10 flows/],
    ['of a flood of which a fifth are SYNs', { flows: half }, /^8 of 10 flows/],
    ['of guessing without a connection', { type: 'bruteForce', flows: none }, /^0 of 10 flows/],
    ['of spam without a connection', { type: 'spam', flows: none }, /^0 of 10 flows/],
    ['that is not named', { type: 'scan', sources: [] }, /names no sources/],
    ['that is not named, of a flood by TCP', { sources: [], flows: complete }, /names no sources/],
  ])('%s', (_what, event, reason) => {
    expect(doubt(event)).toMatch(reason);
  });

  it.each<[string, Partial<SecurityEvent>]>([
    ['of a flood of whole connections', { flows: complete }],
    ['of guessing with a connection among others', { type: 'bruteForce', flows: half }],
    ['of a scan, which wants the answers', { type: 'scan', flows: none }],
    ['of what needs the answers, without evidence', { type: 'cuC' }],
    [
      'beside one that is forged',
      { type: 'scan', sources: [{ address: '192.0.2.1', spoofed: true }, { address: source }] },
    ],
  ])('unless it is one %s', (_what, event) => {
    expect(doubt(event)).toBeUndefined();
  });
});

describe('the flows of an attack', () => {
  it('are those from the sources to the targets, to the ports that are named', () => {
    const targets = [{ address: target, protocol: 6, ports: [{ low: 22 }] }];
    expect(
      isOf(
        { type: 'scan', ...named, targets },
        [source, target, { destinationPort: 22 }],
        [source, target],
        [source, '198.51.100.11', { destinationPort: 22 }],
        ['192.0.2.1', target, { destinationPort: 22 }],
        [target, source, { destinationPort: 22 }],
      ),
    ).toEqual([true, false, false, false, false]);
    expect(isOf({ type: 'scan', sources: named.sources }, [source, '192.0.2.200'])).toEqual([true]);
  });

  it('are those to others, too, where the evidence shows that, of the same service', () => {
    const flows = evidence([
      ...times(8, () => flow(source, target)),
      ...times(3, (i) => flow(source, `198.51.100.${i + 50}`)),
    ]);
    const event: SecurityEvent = { type: 'bruteForce', ...named, flows };
    expect(
      isOf(
        event,
        [source, '198.51.100.99'],
        [source, '198.51.100.99', { destinationPort: 443 }],
        [source, target, { destinationPort: 443 }],
      ),
    ).toEqual([true, false, true]);
  });

  it('are those that look like it, where sources are not believed', () => {
    const flows = evidence(
      times(10, (i) =>
        flow(`192.0.2.${i}`, target, { tcpFlags: 2, packets: 1, octets: 40, sourcePort: 2000 + i }),
      ),
    );
    const syn = { tcpFlags: 2, packets: 1, octets: 40 };
    expect(
      isOf(
        { type: 'dDoS', targets: named.targets, flows },
        ['192.0.2.200', target, syn],
        ['192.0.2.200', target],
        ['192.0.2.200', '198.51.100.11', syn],
      ),
    ).toEqual([true, false, false]);
  });

  it('are none where nothing tells them from others', () => {
    const targets = [{ address: target, protocol: 6, ports: [{ low: 80 }] }];
    expect(isOf({ type: 'dDoS', targets }, [source, target])).toEqual([false]);
    expect(isOf({ type: 'dDoS', sources: named.sources }, [source, target])).toEqual([false]);
    expect(
      isOf(
        { type: 'dDoS', sources: [{ address: source }], targets },
        [source, target],
        ['192.0.2.1', target],
      ),
    ).toEqual([true, false]);
  });
});
