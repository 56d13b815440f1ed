import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CaptureReaderConfig,
  createCaptureReader,
  type ExportDatagram,
  IpfixError,
} from '../../src/index.ts';
import { messageOctets, setOctets } from '../message/message-octets.ts';
import {
  ethernetOctets,
  ipv4Octets,
  ipv6Octets,
  pcapngBlocks,
  pcapOctets,
  udpOctets,
} from './capture-octets.ts';
import { hasShared, sharedFolder } from './shared-data.ts';

const message = messageOctets({ sequenceNumber: 7 }, setOctets(256, [1, 2, 3, 4]));
const udp = udpOctets(message);
const ipv4 = ipv4Octets(udp);
const ipv6 = ipv6Octets(udp);

async function read(octets: Uint8Array, config: CaptureReaderConfig = {}, chunk = octets.length) {
  const chunks: Buffer[] = [];
  for (let at = 0; at < octets.length; at += chunk) chunks.push(Buffer.from(octets.subarray(at, at + chunk)));
  const reader = createCaptureReader(config);
  const datagrams: ExportDatagram[] = [];
  let error: unknown;
  try {
    for await (const batch of reader.read(Readable.from(chunks))) {
      datagrams.push(
        ...batch.map((datagram) => ({ ...datagram, payload: Uint8Array.from(datagram.payload) })),
      );
    }
  } catch (caught) {
    error = caught;
  }
  return { datagrams, error, stats: reader.stats };
}

describe('frames', () => {
  it.each([
    ['Ethernet', 1, ethernetOctets(0x0800, ipv4)],
    ['Ethernet with two VLAN tags', 1, ethernetOctets(0x0800, ipv4, [0x88a8, 0x8100])],
    ['Ethernet with MPLS labels', 1, ethernetOctets(0x8847, [0, 0, 0, 64, 0, 1, 1, 64, ...ipv4])],
    ['PPPoE', 1, ethernetOctets(0x8864, [0x11, 0, 0, 1, 0, 99, 0x00, 0x21, ...ipv4])],
    ['PPPoE in a VLAN', 1, ethernetOctets(0x8864, [0x11, 0, 0, 1, 0, 99, 0x00, 0x21, ...ipv4], [0x8100])],
    ['PPPoE alone', 51, [0x11, 0, 0, 1, 0, 99, 0x00, 0x21, ...ipv4]],
    ['PPP', 9, [0x00, 0x21, ...ipv4]],
    ['PPP in HDLC', 50, [0xff, 0x03, 0x00, 0x21, ...ipv4]],
    ['raw IP', 101, ipv4],
    ['raw IPv4', 228, ipv4],
    ['loopback, little-endian', 0, [2, 0, 0, 0, ...ipv4]],
    ['loopback, big-endian', 108, [0, 0, 0, 2, ...ipv4]],
    ['Linux cooked', 113, [...new Array<number>(14).fill(0), 0x08, 0x00, ...ipv4]],
    ['Linux cooked, version 2', 276, [0x08, 0x00, ...new Array<number>(18).fill(0), ...ipv4]],
    ['Ethernet with padding behind the packet', 1, [...ethernetOctets(0x0800, ipv4), 0, 0, 0, 0]],
    ['IPv4 options', 101, ipv4Octets(udp, { options: [1, 1, 1, 0] })],
  ])('finds IPv4 in %s', async (_name, linkType, octets) => {
    const { datagrams, error } = await read(pcapOctets(linkType, [{ octets, seconds: 5, fraction: 250 }]));
    expect(error).toBeUndefined();
    expect(datagrams).toEqual([
      {
        source: { transport: 'udp', address: '192.0.2.1', port: 50000 },
        destinationAddress: '192.0.2.2',
        destinationPort: 4739,
        timeMs: 5000.25,
        payload: message,
      },
    ]);
  });

  it.each([
    ['Ethernet', 1, ethernetOctets(0x86dd, ipv6)],
    ['raw IP', 229, ipv6],
    ['loopback of a BSD', 0, [30, 0, 0, 0, ...ipv6]],
    ['hop-by-hop options', 101, ipv6Octets([17, 0, 1, 4, 0, 0, 0, 0, ...udp], 0)],
    ['an authentication header', 101, ipv6Octets([17, 4, ...new Array<number>(22).fill(0), ...udp], 51)],
    [
      'a routing header and destination options',
      101,
      ipv6Octets([60, 0, 0, 0, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0, ...udp], 43),
    ],
    ['an atomic fragment', 101, ipv6Octets([17, 0, 0, 0, 0, 0, 0, 1, ...udp], 44)],
  ])('finds IPv6 in %s', async (_name, linkType, octets) => {
    const { datagrams } = await read(pcapOctets(linkType, [{ octets }]));
    expect(datagrams.map(({ source, payload }) => [source.address, payload])).toEqual([
      ['2001:db8::1', message],
    ]);
  });

  it.each([
    ['notIp', 1, ethernetOctets(0x0806, [])],
    ['notIp', 101, [0x10]],
    ['notIp', 1, ethernetOctets(0x8847, [0, 0, 0, 64])],
    ['notIp', 1, ethernetOctets(0x8847, [0, 0, 1, 64, 0x10])],
    ['notIp', 1, ethernetOctets(0x8847, new Array<number>(60).fill(0))],
    ['notIp', 1, ethernetOctets(0x8864, [0x11, 0, 0, 1, 0, 9, 0xc0, 0x21])],
    ['notIp', 9, [0]],
    ['notIp', 1, [1, 2, 3]],
    ['fragments', 101, ipv4Octets(udp, { fragment: 0x2000 })],
    ['fragments', 101, ipv4Octets([1, 2, 3], { fragment: 100 })],
    ['fragments', 101, ipv6Octets([17, 0, 0, 1, 0, 0, 0, 1, ...udp], 44)],
    ['truncated', 101, ipv4.slice(0, 19)],
    ['truncated', 101, ipv4.slice(0, 25)],
    ['truncated', 101, ipv4.slice(0, -1)],
    ['truncated', 101, ipv6.slice(0, 30)],
    ['otherProtocols', 101, ipv4Octets(udp, { protocol: 1 })],
    ['otherProtocols', 101, ipv6Octets(udp, 58)],
    ['otherDatagrams', 101, ipv4Octets(udpOctets([1, 2, 3]))],
    ['unknownLinkTypes', 147, ipv4],
  ] as const)('counts under %s what is none (link type %i)', async (counter, linkType, octets) => {
    const { datagrams, stats, error } = await read(pcapOctets(linkType, [{ octets }]));
    expect(error).toBeUndefined();
    expect(datagrams).toEqual([]);
    expect(stats).toEqual({ ...createCaptureReader().stats, packets: 1, [counter]: 1 });
  });

  it('takes whatever goes to the ports named, and nothing else', async () => {
    const packets = [
      { octets: ipv4Octets(udpOctets([9], { to: 2055 })) },
      { octets: ipv4Octets(udpOctets(message, { to: 53 })) },
    ];
    const { datagrams, stats } = await read(pcapOctets(101, packets), { ports: [2055] });
    expect(datagrams.map(({ payload }) => [...payload])).toEqual([[9]]);
    expect(stats).toMatchObject({ datagrams: 1, otherDatagrams: 1 });
  });
});

describe('pcap', () => {
  it.each([
    [true, 0xa1b2c3d4, 123456, 123.456],
    [false, 0xa1b2c3d4, 123456, 123.456],
    [true, 0xa1b23c4d, 123456, 0.123456],
    [false, 0xa1b23c4d, 123456, 0.123456],
  ])(
    'reads either order of octets and either unit of time (%s, %i)',
    async (littleEndian, magic, fraction, ms) => {
      const file = pcapOctets(101, [{ octets: ipv4, seconds: 3, fraction }], { littleEndian, magic });
      expect((await read(file)).datagrams.map(({ timeMs }) => timeMs)).toEqual([3000 + ms]);
    },
  );

  it('skips a packet longer than the limit without holding it', async () => {
    const long = { octets: new Array<number>(5000).fill(0) };
    const file = pcapOctets(101, [{ octets: ipv4 }, long, { octets: ipv4 }]);
    for (const chunk of [1, 100, file.length]) {
      const { datagrams, stats, error } = await read(file, { maxBlockLength: 1000 }, chunk);
      expect([datagrams.length, stats.oversizedBlocks, error]).toEqual([2, 1, undefined]);
    }
  });

  it('gives what came before the end of a file that is cut off, and says where', async () => {
    const file = pcapOctets(101, [{ octets: ipv4 }, { octets: ipv4 }]);
    const { datagrams, error } = await read(file.subarray(0, -1));
    expect(datagrams.length).toBe(1);
    expect(error).toMatchObject({ code: 'IPFIX_BAD_CAPTURE', offset: 24 + 16 + ipv4.length });
  });

  it('refuses what is no capture', async () => {
    const { error } = await read(Uint8Array.from(message));
    expect(error).toBeInstanceOf(IpfixError);
    expect(error).toMatchObject({ code: 'IPFIX_BAD_CAPTURE', offset: 0 });
    expect((await read(Uint8Array.of(1))).error).toMatchObject({ code: 'IPFIX_BAD_CAPTURE' });
  });

  it('reads captures that are compressed', async () => {
    const { datagrams } = await read(gzipSync(pcapOctets(101, [{ octets: ipv4 }])));
    expect(datagrams.map(({ payload }) => payload)).toEqual([message]);
  });
});

describe('pcapng', () => {
  it.each([true, false])('reads packets of all kinds (little-endian: %s)', async (littleEndian) => {
    const {
      section,
      interface: describeInterface,
      enhanced,
      simple,
      obsolete,
      block,
    } = pcapngBlocks(littleEndian);
    const file = Uint8Array.from([
      ...section(),
      ...describeInterface(101),
      ...describeInterface(1),
      ...block(4, [1, 2, 3, 4]),
      ...enhanced(0, ipv4, [0, 5_000_250]),
      ...enhanced(1, ethernetOctets(0x0800, ipv4), [1, 0]),
      ...simple(ipv4),
      ...obsolete(0, ipv4, [0, 1000]),
    ]);
    const { datagrams, error } = await read(file);
    expect(error).toBeUndefined();
    expect(datagrams.map(({ timeMs }) => timeMs)).toEqual([5000.25, 2 ** 32 / 1000, 0, 1]);
  });

  it('reads the resolution and the offset of an interface, and begins each section anew', async () => {
    const { section, interface: describeInterface, enhanced } = pcapngBlocks();
    const file = Uint8Array.from([
      ...section(),
      ...describeInterface(101, [
        [9, [9]],
        [14, [10, 0, 0, 0, 0, 0, 0, 0]],
      ]),
      ...describeInterface(101, [[9, [0x80 | 10]]]),
      ...enhanced(0, ipv4, [0, 1_000_000]),
      ...enhanced(1, ipv4, [0, 1024]),
      ...section(),
      ...enhanced(0, ipv4),
    ]);
    const { datagrams, stats } = await read(file);
    expect(datagrams.map(({ timeMs }) => timeMs)).toEqual([10_001, 1000]);
    expect(stats.unknownLinkTypes).toBe(1);
  });

  it.each([
    ['a length that cannot be', (octets: number[]) => octets.fill(0, 4, 8)],
    ['no byte-order magic', (octets: number[]) => octets.fill(0, 8, 12)],
  ])('refuses %s', async (_name, damage) => {
    const octets = pcapngBlocks().section();
    damage(octets);
    expect((await read(Uint8Array.from(octets))).error).toMatchObject({
      code: 'IPFIX_BAD_CAPTURE',
      offset: 0,
    });
  });

  it('refuses a packet longer than its block, after those before it', async () => {
    const { section, interface: describeInterface, enhanced } = pcapngBlocks();
    const broken = enhanced(0, ipv4);
    broken[20] = 255;
    const file = Uint8Array.from([...section(), ...describeInterface(101), ...enhanced(0, ipv4), ...broken]);
    const { datagrams, error } = await read(file);
    expect(datagrams.length).toBe(1);
    expect(error).toMatchObject({ code: 'IPFIX_BAD_CAPTURE' });
  });
});

describe('any octets', () => {
  const { section, interface: describeInterface, enhanced } = pcapngBlocks();
  const files = [
    pcapOctets(1, [
      { octets: ethernetOctets(0x0800, ipv4, [0x8100]) },
      { octets: ethernetOctets(0x86dd, ipv6) },
    ]),
    Uint8Array.from([...section(), ...describeInterface(101), ...enhanced(0, ipv4), ...enhanced(0, ipv6)]),
  ];

  it('come to the same, in chunks of any size', async () => {
    for (const file of files) {
      const whole = await read(file);
      for (let chunk = 1; chunk < 40; chunk++) expect(await read(file, {}, chunk)).toEqual(whole);
    }
  });

  it('end in datagrams or in a clear error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (file, changes) => {
          const octets = Uint8Array.from(file);
          for (const [at, value] of changes) octets[at % octets.length] = value;
          const { error } = await read(octets);
          if (error !== undefined) expect(error).toMatchObject({ code: 'IPFIX_BAD_CAPTURE' });
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(!hasShared)('captures of real exporters (needs ../shared beside the repository)', () => {
  interface Scenario {
    readonly id: string;
    readonly versions: Readonly<Record<string, number>>;
  }
  const scenarios: readonly Scenario[] = hasShared
    ? (JSON.parse(readFileSync(`${sharedFolder}captures/index.json`, 'utf8')) as Scenario[])
    : [];

  /** Their headers say 55,582 and 163 records, so that without a port nothing tells that they are NetFlow v5. */
  const unrecognised = new Set(['ls-netflow-5-invalid-01', 'ls-netflow-5-invalid-02']);

  it('are recognised without naming a port', async () => {
    expect(scenarios.length).toBeGreaterThan(70);
    for (const { id, versions } of scenarios) {
      const found: Record<string, number> = {};
      for await (const batch of createCaptureReader().read(`${sharedFolder}captures/${id}.pcap`)) {
        for (const { payload } of batch) found[payload[1]] = (found[payload[1]] ?? 0) + 1;
      }
      expect(found, id).toEqual(unrecognised.has(id) ? {} : versions);
    }
  });
});
