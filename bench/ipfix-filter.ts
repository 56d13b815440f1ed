import { spawn } from 'node:child_process';
import {
  type Collector,
  type CollectorDeps,
  compileFilter,
  createFlowDecoder,
  createIpfixEncoder,
  createObjectReader,
  createTcpCollector,
  createTopStatistics,
  createUdpCollector,
  type RecordReader,
} from '@flowpact/ipfix';
import type { Benchmark } from './measure.ts';

/** The TCP flows of FlowCEP's capture, by element and length: 48 octets a record. */
const fields = [
  [1, 8],
  [2, 8],
  [4, 1],
  [6, 1],
  [7, 2],
  [8, 4],
  [11, 2],
  [12, 4],
  [60, 1],
  [152, 8],
  [153, 8],
] as const;

/** A generator of integers below a limit from a fixed seed (xorshift32). */
function createRandom(): (limit: number) => number {
  let state = 0x9e3779b9;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const startMs = 1_700_000_000_000;

/** Messages of flows to ports and from networks of which some are seen more often than others. */
function encodeFlows(count: number, maxMessageLength: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder(
    { maxMessageLength },
    { onMessage: (message) => messages.push(message) },
  );
  encoder.defineTemplate({ id: 256, fields: fields.map(([id, length]) => ({ id, length })) });
  const random = createRandom();
  const ports = [80, 443, 443, 443, 53, 22, 8080];
  for (let i = 0; i < count; i++) {
    const source = (random(4) === 0 ? 0x0a000000 : 0xc0000200) + random(65536);
    const port = ports[random(ports.length)];
    const packets = 1 + random(200);
    const times = [startMs + i, startMs + i + random(10_000)];
    const values = [
      packets * 400,
      packets,
      random(3) === 0 ? 17 : 6,
      0x1b,
      1024 + random(60_000),
      source,
      port,
    ];
    encoder.addRecord(256, [...values, 0xc6336400 + random(256), 4, ...times], startMs / 1000);
  }
  encoder.flush(startMs / 1000);
  return messages;
}

/** Keeps the result of a run alive, so that nothing is optimised away. */
let seen: unknown;

const counting: RecordReader = {
  compile: () => (_bytes, start, end) => {
    seen = end - start;
    return 0;
  },
};

const fourFields = [8, 11, 2, 153].map((id) => ({
  name: `f${id}`,
  elements: [{ pen: 0, id }],
  as: 'native' as const,
}));

const objects = () =>
  createObjectReader(
    { fields: fourFields },
    {
      onRecord(record) {
        seen = record;
      },
    },
  );

const flowCount = 250_000;
const rounds = 4;

/** Records that go through a reader, by CPU second; `passed` tells in a note how many did. */
function decoding(id: string, createReader: () => { reader: RecordReader; note(): string }): Benchmark {
  let messages: readonly Uint8Array[] = [];
  let current: ReturnType<typeof createReader>;
  return {
    id: `ipfix/${id}`,
    unit: 'records',
    setup() {
      messages = encodeFlows(flowCount, 1400);
    },
    run() {
      current = createReader();
      for (let round = 0; round < rounds; round++) {
        const decoder = createFlowDecoder({}, { reader: current.reader });
        for (const message of messages) decoder.decode(message);
        if (decoder.stats.records !== flowCount)
          throw new Error(`${decoder.stats.records} records; last ${String(seen)}`);
      }
      return rounds * flowCount;
    },
    teardown() {
      messages = [];
    },
    notes: () => current.note(),
  };
}

function filtering(id: string, text: string, inner: () => RecordReader = () => counting): Benchmark {
  return decoding(id, () => {
    const reader = compileFilter(text).reader(inner());
    const note = () => `${((100 * reader.stats.passed) / reader.stats.records).toFixed(1)} % pass: ${text}`;
    return { reader, note };
  });
}

/**
 * Sends what comes on standard input, in a process of its own, so that only the collector's CPU time is measured:
 * `tcp PORT BYTES`, or `udp PORT RATE SECONDS`. Prints how many octets or datagrams it sent.
 */
const sender = `
import { connect } from 'node:net';
import { createSocket } from 'node:dgram';
const [transport, port, amount, seconds] = [process.argv[1], ...process.argv.slice(2).map(Number)];
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const octets = Buffer.concat(chunks);
if (transport === 'tcp') {
  const socket = connect(port, '127.0.0.1');
  let sent = 0;
  while (sent < amount) {
    sent += octets.length;
    if (!socket.write(octets)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  socket.end(() => console.log(sent));
  socket.resume();
} else {
  const messages = [];
  for (let at = 0; at < octets.length; at += octets.readUInt16BE(at + 2)) messages.push(octets.subarray(at, at + octets.readUInt16BE(at + 2)));
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const start = performance.now();
  let sent = 0;
  let failed = 0;
  for (const total = amount * seconds; sent < total; ) {
    const due = Math.min(total, ((performance.now() - start) * amount) / 1000);
    let last;
    for (; sent < due; sent++) last = new Promise((resolve) => socket.send(messages[sent % messages.length], (error) => resolve(error && failed++)));
    await last;
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds_ = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ sent: sent - failed, seconds: seconds_ }));
  socket.close();
}
`;

/** Runs the sender to its end. @returns what it printed */
function send(messages: readonly Uint8Array[], ...args: (string | number)[]): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', sender, '--', ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stdin.end(Buffer.concat(messages));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(printed));
  });
}

/** Sessions that are decoded, with a filter behind. */
function filteringSessions(): CollectorDeps & { records(): number } {
  let records = 0;
  return {
    records: () => records,
    openSession() {
      const decoder = createFlowDecoder(
        {},
        { reader: compileFilter('dst port 80 and tcp').reader(counting) },
      );
      return {
        message(octets) {
          const before = decoder.stats.records;
          decoder.decode(octets);
          records += decoder.stats.records - before;
        },
      };
    },
  };
}

async function collecting<C extends Collector>(
  collector: C,
  step: (port: number, collector: C) => Promise<number>,
) {
  const { port } = await collector.start();
  try {
    return await step(port, collector);
  } finally {
    await collector.stop();
  }
}

const megabyte = 1_000_000;

function collectingTcp(): Benchmark {
  let messages: readonly Uint8Array[] = [];
  let records = 0;
  let seconds = 0;
  return {
    id: 'ipfix/collect-tcp',
    unit: 'MB',
    warmups: 1,
    repeats: 3,
    setup() {
      messages = encodeFlows(20_000, 1400);
    },
    run() {
      const sessions = filteringSessions();
      return collecting(createTcpCollector({ port: 0 }, sessions), async (port, { stats }) => {
        const begin = performance.now();
        const sent = Number(await send(messages, 'tcp', port, 400 * megabyte));
        while (stats.bytes < sent) await new Promise((resolve) => setImmediate(resolve));
        seconds = (performance.now() - begin) / 1000;
        records = sessions.records();
        return sent / megabyte;
      });
    },
    notes: () =>
      `one connection, decoded and filtered; ${Math.round(records / seconds).toLocaleString('en-US')} records/s by the wall clock, start of the sender included`,
  };
}

/** Datagrams a second that are tried, a second each. */
const udpRates = [20_000, 40_000, 60_000, 80_000];

function collectingUdp(): Benchmark {
  let messages: readonly Uint8Array[] = [];
  let results: string[] = [];
  let grantedBytes = 0;
  return {
    id: 'ipfix/collect-udp',
    unit: 'datagrams',
    warmups: 0,
    repeats: 1,
    setup() {
      messages = encodeFlows(20_000, 1340);
    },
    async run() {
      results = [];
      let received = 0;
      for (const rate of udpRates) {
        const sessions = filteringSessions();
        received += await collecting(createUdpCollector({ port: 0 }, sessions), async (port, collector) => {
          const { sent, seconds } = JSON.parse(await send(messages, 'udp', port, rate, 1)) as {
            sent: number;
            seconds: number;
          };
          grantedBytes = collector.receiveBuffer?.grantedBytes ?? 0;
          const dropped = await drain(collector, sent);
          const reached = Math.round(sent / seconds / 1000);
          results.push(`${reached} k/s: ${dropped === 0 ? 'none lost' : `${dropped} of ${sent} lost`}`);
          return collector.stats.messages;
        });
      }
      return received;
    },
    notes: () =>
      `1,340 octets, decoded and filtered, receive buffer of ${Math.round(grantedBytes / 1024)} KiB granted; ${results.join('; ')}`,
  };
}

/** Waits until everything that was not dropped has been read. @returns the datagrams that were lost */
async function drain(collector: Collector, sent: number): Promise<number> {
  let last = -1;
  while (collector.stats.messages < sent && collector.stats.messages !== last) {
    last = collector.stats.messages;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return sent - collector.stats.messages;
}

export const benchmarks: readonly Benchmark[] = [
  decoding('filter-nothing', () => ({ reader: counting, note: () => 'counted only' })),
  filtering('filter-any', 'any'),
  filtering('filter-example', 'src net 10.0.0.0/8 and dst port 80 and proto tcp'),
  filtering('filter-list', 'port in [21 22 23 25 53 110 143 3389 5900] or host in [192.0.2.7 198.51.100.9]'),
  filtering('filter-rate', 'bps > 100k and duration > 1000 and not flags R'),
  filtering('filter-then-objects', 'src net 10.0.0.0/8 and dst port 80 and proto tcp', objects),
  decoding('top-src', () => {
    const top = createTopStatistics({ by: ['src'], order: 'octets' });
    return { reader: top.reader, note: () => `${top.totals().groups.toLocaleString('en-US')} groups` };
  }),
  collectingTcp(),
  collectingUdp(),
];
