import {
  compileFilter,
  createFlowDecoder,
  createObjectReader,
  createTcpCollector,
  createTopStatistics,
  type RecordReader,
} from '@flowpact/ipfix';
import { counting, encodeFlows, filteringSessions, lastSeen, see, tcpOnly } from './ipfix-flows.ts';
import { runSender } from './ipfix-sender.ts';
import type { Benchmark } from './measure.ts';

const fourFields = [8, 11, 2, 153].map((id) => ({
  name: `f${id}`,
  elements: [{ pen: 0, id }],
  as: 'native' as const,
}));

const objects = () =>
  createObjectReader(
    { fields: fourFields },
    {
      onRecord: see,
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
      messages = encodeFlows(tcpOnly, flowCount, 1400);
    },
    run() {
      current = createReader();
      for (let round = 0; round < rounds; round++) {
        const decoder = createFlowDecoder({}, { reader: current.reader });
        for (const message of messages) decoder.decode(message);
        if (decoder.stats.records !== flowCount)
          throw new Error(`${decoder.stats.records} records; last ${lastSeen()}`);
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
      messages = encodeFlows(tcpOnly, 20_000, 1400);
    },
    async run() {
      const sessions = filteringSessions();
      const collector = createTcpCollector({ port: 0 }, sessions);
      const { port } = await collector.start();
      try {
        const begin = performance.now();
        const { sent } = await runSender(messages, { transport: 'tcp', port, bytes: 400 * megabyte });
        while (collector.stats.bytes < sent) await new Promise((resolve) => setImmediate(resolve));
        seconds = (performance.now() - begin) / 1000;
        records = sessions.records();
        return sent / megabyte;
      } finally {
        await collector.stop();
      }
    },
    notes: () =>
      `one connection, decoded and filtered; ${Math.round(records / seconds).toLocaleString('en-US')} records/s by the wall clock, start of the sender included`,
  };
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
];
