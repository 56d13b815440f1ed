import { gzipSync } from 'node:zlib';
import { type Message, parseMessage } from '@flowpact/event';
import { type Format, formats } from '@flowpact/formats';
import { type Benchmark, type Measurement, measure } from './measure.ts';

const flowCounts = [0, 10, 1_000];
/** CPU time of one run is about this: long enough for its clock, short enough for all formats. */
const runMs = 60;

/**
 * An alert with flows of a botnet to its server, of the 15 columns of the NetFlow record on the FLEX slides: two
 * times, two addresses, ports, counters, flags.
 */
function alert(flows: number): Message {
  const startSeconds = 1_410_137_783;
  const columns = [150, 151, 8, 12, 7, 11, 2, 1, 4, 60, 5, 6, 10, 14, 3];
  const rows = Array.from({ length: flows }, (_, i) => [
    startSeconds + (i >> 3),
    startSeconds + (i >> 3) + 1,
    Uint8Array.of(10, 1, i >> 8, i & 0xff),
    Uint8Array.of(198, 51, 100, 6),
    1_024 + ((37 * i) % 60_000),
    80,
    4 + (i % 9),
    634 + 13 * (i % 97),
    6,
    4,
    0,
    27,
    13,
    17,
    1,
  ]);
  return parseMessage({
    kind: 'alert',
    id: '42',
    sender: { name: 'isp-a.example', asn: 64500, contact: 'mailto:noc@isp-a.example' },
    createdMs: (startSeconds + 60) * 1000,
    event: {
      type: 'cuC',
      startMs: startSeconds * 1000,
      severity: 'high',
      confidence: 90,
      targets: [{ address: '198.51.100.6', protocol: 6, ports: [{ low: 80 }], role: 'c2' }],
      tlp: 'amber',
      text: 'Hosts that talk to a command-and-control server.',
      ...(flows === 0
        ? {}
        : {
            flows: {
              layout: { columns: columns.map((id) => ({ kind: 'iana', id })) },
              groups: [{ relation: 'same-c2', rows }],
            },
          }),
    },
  });
}

const messages = new Map(flowCounts.map((flows) => [flows, alert(flows)]));

function timed(id: string, work: () => void, notes: string): Benchmark {
  let rounds = 1;
  return {
    id,
    unit: 'events',
    repeats: 3,
    setup() {
      for (let took = 0; took < runMs; rounds *= 2) {
        const before = process.cpuUsage();
        for (let i = 0; i < rounds; i++) work();
        const { user, system } = process.cpuUsage(before);
        took = (user + system) / 1000;
      }
    },
    run() {
      for (let i = 0; i < rounds; i++) work();
      return rounds;
    },
    notes: () => notes,
  };
}

interface Case {
  readonly format: Format;
  readonly flows: number;
  readonly octets: number;
  readonly zippedOctets: number;
  readonly encode: Benchmark;
  readonly decode: Benchmark;
}

function caseOf(format: Format, flows: number): Case {
  const message = messages.get(flows) as Message;
  const { bytes } = format.encode(message);
  const zippedOctets = gzipSync(bytes).length;
  const notes = `${bytes.length} octets, ${zippedOctets} with gzip`;
  return {
    format,
    flows,
    octets: bytes.length,
    zippedOctets,
    encode: timed(`formats/${format.name}-encode-${flows}`, () => format.encode(message), notes),
    decode: timed(`formats/${format.name}-decode-${flows}`, () => format.decode(bytes), notes),
  };
}

const cases = flowCounts.flatMap((flows) => formats.map((format) => caseOf(format, flows)));

export const benchmarks: readonly Benchmark[] = cases.flatMap(({ encode, decode }) => [encode, decode]);

/** The page of sizes and times, in Markdown. */
export async function markdown(): Promise<string> {
  const rows = new Map<number, string[]>(flowCounts.map((flows) => [flows, []]));
  for (const { format, flows, octets, zippedOctets, encode, decode } of cases) {
    const times = [microseconds(await measure(encode)), microseconds(await measure(decode))];
    const cells = [`\`${format.name}\``, grouped(octets), grouped(zippedOctets), ...times];
    rows.get(flows)?.push(`| ${cells.join(' | ')} |`);
  }
  const tables = [...rows].map(
    ([flows, lines]) =>
      `## ${flows === 0 ? 'Without flows' : `With ${grouped(flows)} flows`}\n\n` +
      `| format | octets | with gzip | write, µs | read, µs |\n| --- | ---: | ---: | ---: | ---: |\n${lines.join('\n')}\n`,
  );
  return `${head}\n${tables.join('\n')}`;
}

const head = `# Sizes and times

What one alert takes in each format: octets, octets after gzip, and CPU time to write and to read it. The flows have 15 columns.
Writing measures what is lost as well. Made by \`npm run bench -- formats --markdown\`; octets are the same everywhere, times
are those of one shared machine with two cores, and say how the formats compare.
`;

function microseconds({ perCpuSecond }: Measurement): string {
  const value = 1e6 / perCpuSecond;
  return value < 100 ? value.toFixed(0) : grouped(Number(value.toPrecision(2)));
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
