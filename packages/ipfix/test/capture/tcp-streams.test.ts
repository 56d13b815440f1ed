import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCaptureStats } from '../../src/capture/capture-stats.ts';
import type { TcpSegment } from '../../src/capture/ip-packet.ts';
import { createTcpStreams, type TcpStreamsConfig } from '../../src/capture/tcp-streams.ts';
import { createCaptureReader, type ExportDatagram } from '../../src/index.ts';
import { someMessages } from '../collector/exporters.ts';
import { ipv4Octets, ipv6Octets, pcapOctets, tcpOctets } from './capture-octets.ts';

const messages = someMessages(40).map((octets) => Uint8Array.from(octets));
const stream = Buffer.concat(messages);
/** Just below the end of the number space, so that the numbers wrap. */
const firstNumber = 0xffffff00;

const segment = (at: number, payload: Uint8Array, fields: Partial<TcpSegment> = {}): TcpSegment => ({
  kind: 'tcp',
  sourceAddress: '192.0.2.1',
  sourcePort: 50000,
  destinationAddress: '192.0.2.2',
  destinationPort: 4739,
  sequenceNumber: (firstNumber + at) >>> 0,
  syn: false,
  ends: false,
  payload,
  ...fields,
});

const nothing = new Uint8Array(0);
const opening = segment(0, nothing, { syn: true });

/** The stream cut where `cuts` say. */
function segmentsOf(cuts: readonly number[]): TcpSegment[] {
  const borders = [0, ...new Set([...cuts].sort((a, b) => a - b)), stream.length];
  return borders.slice(1).map((end, i) => segment(borders[i], stream.subarray(borders[i], end)));
}

function setUp(config: TcpStreamsConfig = {}) {
  const stats = createCaptureStats();
  const streams = createTcpStreams(config, { stats });
  const found: Uint8Array[] = [];
  const take = (one: TcpSegment) => streams.take(one, (message) => found.push(Uint8Array.from(message)));
  const finish = () => streams.finish((message) => found.push(Uint8Array.from(message)));
  return { take, found, stats, finish };
}

const cuts = fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 60 });

describe('TCP streams', () => {
  it('give their messages, wherever they are cut', () => {
    fc.assert(
      fc.property(cuts, (places) => {
        const { take, found } = setUp();
        expect(take(opening)).toBe(false);
        for (const one of segmentsOf(places)) expect(take(one)).toBe(true);
        expect(found).toEqual(messages);
      }),
    );
  });

  it('give them where segments overtake each other, come twice and overlap', () => {
    fc.assert(
      fc.property(cuts, cuts, fc.infiniteStream(fc.nat()), (places, otherPlaces, random) => {
        const { take, found, stats } = setUp();
        take(opening);
        const keyed = [...segmentsOf(places), ...segmentsOf(otherPlaces)].map((one, i) => ({
          one,
          // Each comes at most so much too late.
          place: (i % (places.length + 1)) + (random.next().value % 8),
        }));
        for (const { one } of keyed.sort((a, b) => a.place - b.place)) take(one);
        expect(found).toEqual(messages);
        expect(stats.tcpGaps).toBe(0);
      }),
    );
  });

  it('that began before the capture are read from the first segment that begins with a message', () => {
    const { take, found } = setUp();
    const half = messages[0].length + messages[1].length;
    expect(take(segment(5, stream.subarray(5, half)))).toBe(false);
    expect(take(segment(half, stream.subarray(half)))).toBe(true);
    expect(found).toEqual(messages.slice(2));
  });

  it('of other protocols are left alone', () => {
    const { take, found } = setUp();
    take(opening);
    expect(take(segment(0, Buffer.from('GET / HTTP/1.1\r\n\r\n')))).toBe(false);
    expect(take(segment(18, Buffer.from('more')))).toBe(false);
    expect(found).toEqual([]);
  });

  it('are kept apart, and end', () => {
    const { take, found } = setUp();
    const other = { sourcePort: 50001 };
    const [first, second] = segmentsOf([10]);
    take(opening);
    take(segment(0, nothing, { syn: true, ...other }));
    take(first);
    take({ ...first, ...other });
    take({ ...second, ends: true });
    expect(found).toEqual(messages);
    take({ ...second, ...other });
    expect(found).toEqual([...messages, ...messages]);
    // Nothing is known of the first one any more, and this is no beginning.
    expect(take(second)).toBe(false);
  });

  it('of which a segment is missing go on at the next message, and the gap is counted', () => {
    const { take, found, stats } = setUp({ maxHeldBytes: 300 });
    take(opening);
    const borders = messages.map((_, i) => Buffer.concat(messages.slice(0, i)).length);
    const whole = messages.map((message, i) => segment(borders[i], message));
    for (const one of whole.filter((_, i) => i !== 3)) take(one);
    expect(stats.tcpGaps).toBe(1);
    expect(found).toEqual(messages.filter((_, i) => i !== 3));
  });

  it.each([
    ['ends', true],
    ['is in the capture no longer', false],
  ])('of which a segment is missing are read to their end when the connection %s', (_what, ends) => {
    const { take, found, stats, finish } = setUp();
    take(opening);
    const [first, , third] = segmentsOf([messages[0].length, messages[0].length + messages[1].length]);
    take(first);
    take({ ...third, ends });
    expect(found).toEqual(ends ? [messages[0], ...messages.slice(2)] : [messages[0]]);
    finish();
    expect(found).toEqual([messages[0], ...messages.slice(2)]);
    expect(stats.tcpGaps).toBe(1);
  });

  it('hold no more segments than they may, and no more streams', () => {
    const held = setUp({ maxHeldBytes: 1e9 });
    held.take(opening);
    for (let i = 0; i < 1025; i++) held.take(segment(2 * i + 5, Uint8Array.of(1)));
    expect(held.stats.tcpGaps).toBe(1);
    const many = setUp({ maxStreams: 2 });
    for (const sourcePort of [1, 2, 3]) many.take(segment(0, nothing, { syn: true, sourcePort }));
    const [first, second] = segmentsOf([10]);
    expect(many.take({ ...second, sourcePort: 1 })).toBe(false);
    expect(many.take({ ...first, sourcePort: 2 })).toBe(true);
  });
});

describe('captures of IPFIX over TCP', () => {
  async function read(packets: readonly (readonly number[])[], ports?: readonly number[]) {
    const reader = createCaptureReader({ ports });
    const found: ExportDatagram[] = [];
    const file = pcapOctets(
      101,
      packets.map((octets) => ({ octets })),
    );
    for await (const batch of reader.read(Readable.from([Buffer.from(file)]))) found.push(...batch);
    return { found, stats: reader.stats };
  }
  const halves = [stream.subarray(0, 1000), stream.subarray(1000)];
  const segments = [
    tcpOctets([], { flags: 0x02, sequence: 0 }),
    tcpOctets(halves[0], { sequence: 1 }),
    tcpOctets(halves[1], { sequence: 1001, flags: 0x11 }),
  ];

  it.each([
    ['IPv4', segments.map((octets) => ipv4Octets(octets, { protocol: 6 })), '192.0.2.1'],
    ['IPv6', segments.map((octets) => ipv6Octets(octets, 6)), '2001:db8::1'],
    [
      'IPv4 whose length the network card was to fill in',
      segments.map((octets) =>
        ipv4Octets(octets, { protocol: 6 }).map((octet, i) => (i === 2 || i === 3 ? 0 : octet)),
      ),
      '192.0.2.1',
    ],
  ])('give its messages: %s', async (_what, packets, address) => {
    const { found, stats } = await read(packets);
    expect(found.map(({ payload }) => Uint8Array.from(payload))).toEqual(messages);
    expect(found[0].source).toEqual({ transport: 'tcp', address, port: 50000 });
    expect(stats).toEqual({ ...createCaptureStats(), packets: 3, tcpSegments: 2, otherProtocols: 1 });
  });

  it('read only the ports named', async () => {
    const packets = segments.map((octets) => ipv4Octets(octets, { protocol: 6 }));
    expect((await read(packets, [4740])).found).toEqual([]);
    expect((await read(packets, [4739])).found.length).toBe(40);
  });

  it.each([
    ['truncated', (packet: number[]) => packet.slice(0, -1)],
    ['truncated', (packet: number[]) => packet.slice(0, 30)],
    ['notIp', (packet: number[]) => packet.with(32, 0x40)],
  ] as const)('count under %s what is not whole', async (counter, change) => {
    const { stats } = await read([change(ipv4Octets(segments[1], { protocol: 6 }))]);
    expect(stats).toEqual({ ...createCaptureStats(), packets: 1, [counter]: 1 });
  });
});
