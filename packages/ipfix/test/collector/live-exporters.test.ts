import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipWithout, systemPath } from '../../../../test/system-tool.ts';
import {
  createBiflowSplitter,
  createFlowDecoder,
  createLineReader,
  createTcpCollector,
  createUdpCollector,
  type DecodeIssue,
  type DecoderStats,
  type MessageSink,
  type RecordReader,
} from '../../src/index.ts';
import { createTraffic, type Flow } from './live-traffic.ts';

const traffic = createTraffic();
let folder: string;
let pcap: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipfix-live-'));
  pcap = join(folder, 'traffic.pcap');
  await writeFile(pcap, traffic.pcap);
});
afterAll(() => rm(folder, { recursive: true }));

type Line = Readonly<Record<string, unknown>>;

interface Received {
  readonly lines: readonly Line[];
  readonly issues: readonly DecodeIssue[];
  readonly stats: readonly DecoderStats[];
}

/** What every exporter's process gets: a path on which daemons are found, and no hint at our own time zone. */
const environment = { ...process.env, PATH: systemPath, TZ: 'UTC' };

/** Runs a program to its end. */
async function run(
  program: string,
  args: readonly string[],
  success: readonly number[] = [0],
): Promise<void> {
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const [status] = await once(child, 'close');
  if (!success.includes(status)) throw new Error(`${program} ended with ${status}: ${printed}`);
}

/** Sessions decoded into lines; `ended` is settled when one of them is over. */
function createSessions() {
  const received = { lines: [] as Line[], issues: [] as DecodeIssue[], stats: [] as DecoderStats[] };
  const lines = createBiflowSplitter(
    createLineReader(
      { style: 'flowpact', extras: { sampling: true } },
      { onLine: (line) => received.lines.push(JSON.parse(line)) },
    ),
  );
  const reader: RecordReader = {
    compile: (template) => (template.kind === 'data' ? lines.compile(template) : undefined),
  };
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  function openSession(): MessageSink {
    const decoder = createFlowDecoder({}, { reader, onIssue: (issue) => received.issues.push(issue) });
    received.stats.push(decoder.stats);
    return { message: (octets) => decoder.decode(octets), end: ended };
  }
  return { received, end, openSession };
}

/** Has an exporter send to a UDP port, and takes everything that it sends. */
async function receiveUdp(send: (port: number) => Promise<void>): Promise<Received> {
  const { received, openSession } = createSessions();
  const marker = createSocket('udp4');
  await new Promise<void>((resolve) => marker.bind(0, '127.0.0.1', resolve));
  const { port: markerPort } = marker.address();
  let last = () => {};
  const marked = new Promise<void>((resolve) => {
    last = resolve;
  });
  const collector = createUdpCollector(
    { port: 0 },
    { openSession: ({ port }) => (port === markerPort ? { message: () => last() } : openSession()) },
  );
  const { port } = await collector.start();
  try {
    await send(port);
    // Loopback keeps the order, so that when this comes everything from before has come.
    marker.send('end', port, '127.0.0.1');
    await marked;
    return received;
  } finally {
    marker.close();
    await collector.stop();
  }
}

/** The same over TCP, to the end of the connection. */
async function receiveTcp(send: (port: number) => Promise<void>): Promise<Received> {
  const { received, end, openSession } = createSessions();
  const collector = createTcpCollector({ port: 0 }, { openSession });
  const { port } = await collector.start();
  try {
    await send(port);
    await end;
    return received;
  } finally {
    await collector.stop();
  }
}

/** A line as the flow it tells of. */
const flowOf = (line: Line): Flow =>
  ({
    source: line.sourceIPv4Address ?? line.sourceIPv6Address,
    destination: line.destinationIPv4Address ?? line.destinationIPv6Address,
    protocol: line.protocolIdentifier,
    sourcePort: line.sourceTransportPort,
    destinationPort: line.destinationTransportPort,
    packets: line.packetDeltaCount,
    octets: line.octetDeltaCount,
    tcpFlags: line.tcpControlBits,
    startMs: Date.parse(String(line.flowStartMilliseconds ?? line.flowStartNanoseconds)),
    endMs: Date.parse(String(line.flowEndMilliseconds ?? line.flowEndNanoseconds)),
  }) as Flow;

const keyOf = ({ source, sourcePort, destination, destinationPort }: Flow) =>
  `${source} ${sourcePort} ${destination} ${destinationPort}`;
const byKey = (a: Flow, b: Flow) => (keyOf(a) < keyOf(b) ? -1 : 1);
const withoutTimes = ({ startMs, endMs, ...flow }: Flow) => flow;

/** The flow with the times of the conversation that it is one direction of. */
const asConversation = (flow: Flow): Flow => {
  const both = traffic.flows.filter(
    ({ source, sourcePort, destination, destinationPort }) =>
      (source === flow.source &&
        sourcePort === flow.sourcePort &&
        destinationPort === flow.destinationPort) ||
      (source === flow.destination && sourcePort === flow.destinationPort && destination === flow.source),
  );
  return {
    ...flow,
    startMs: Math.min(...both.map(({ startMs }) => startMs)),
    endMs: Math.max(...both.map(({ endMs }) => endMs)),
  };
};

interface Differences {
  /** False where the protocol has no room for IPv6. */
  readonly ipv6?: boolean;
  /** Whose times a flow's record has; none where the exporter cannot tell them. */
  readonly times: 'flow' | 'conversation' | 'none';
}

/** That there is a record for each flow of the traffic, with nothing wrong or lost on the way. */
function expectFlows({ lines, issues, stats }: Received, { ipv6 = true, times }: Differences): void {
  const flows = traffic.flows.filter(({ source }) => ipv6 || !source.includes(':'));
  const expected = times === 'conversation' ? flows.map(asConversation) : flows;
  const compared = (some: readonly Flow[]) =>
    [...some].sort(byKey).map((flow) => (times === 'none' ? withoutTimes(flow) : flow));
  expect(compared(lines.map(flowOf))).toEqual(compared(expected));
  expect(issues).toEqual([]);
  expect(stats.map(({ lostRecords }) => lostRecords)).toEqual([0]);
}

const needs = (...packages: readonly string[]) =>
  `(needs ${packages.join(', ')}: apt-get install -y ${packages.join(' ')})`;

/** Programs have as long as this; most take a few milliseconds. */
const timeout = 60_000;

describe.skipIf(skipWithout('softflowd'))(`softflowd ${needs('softflowd')}`, { timeout }, () => {
  const softflowd =
    (...args: readonly string[]) =>
    (port: number) =>
      run('softflowd', [
        ...['-r', pcap, '-n', `127.0.0.1:${port}`, '-d', '-p', join(folder, 'softflowd.pid'), '-c', 'none'],
        ...args,
      ]);

  it.each([
    ['1', { ipv6: false, times: 'conversation' }],
    ['5', { ipv6: false, times: 'conversation' }],
    ['9', { times: 'conversation' }],
  ] as const)('NetFlow v%s: each flow with its times', async (version, differences) => {
    expectFlows(await receiveUdp(softflowd('-v', version, '-a')), differences);
  });

  it.each(['milli', 'nano'])('IPFIX with times in %sseconds', async (unit) => {
    expectFlows(await receiveUdp(softflowd('-v', '10', '-a', '-A', unit)), { times: 'conversation' });
  });

  it('IPFIX with uptimes, since a start that its options tell', async () => {
    expectFlows(await receiveUdp(softflowd('-v', '10', '-a')), { times: 'conversation' });
  });

  it('IPFIX over TCP', async () => {
    expectFlows(await receiveTcp(softflowd('-v', '10', '-a', '-A', 'milli', '-P', 'tcp')), {
      times: 'conversation',
    });
  });

  it('IPFIX with both directions in a record', async () => {
    expectFlows(await receiveUdp(softflowd('-v', '10', '-a', '-A', 'milli', '-b')), {
      times: 'conversation',
    });
  });

  it('NetFlow v9 of one packet in ten, which its options tell', async () => {
    const { lines, issues } = await receiveUdp(softflowd('-v', '9', '-a', '-s', '10'));
    expect(lines.length).toBeGreaterThan(0);
    const packets = lines.reduce((sum, { packetDeltaCount }) => sum + Number(packetDeltaCount), 0);
    expect(packets).toBe(Math.ceil(traffic.flows.reduce((sum, flow) => sum + flow.packets, 0) / 10));
    for (const line of lines) {
      expect(line).toMatchObject({
        samplingRate: 10,
        scaledPacketDeltaCount: 10 * Number(line.packetDeltaCount),
      });
    }
    expect(issues).toEqual([]);
  });

  it('NetFlow v9 with addresses of Ethernet', async () => {
    const received = await receiveUdp(softflowd('-v', '9', '-a', '-T', 'ether'));
    expectFlows(received, { times: 'flow' });
    for (const line of received.lines) {
      expect(line).toMatchObject({
        sourceMacAddress: '02:00:00:00:00:02',
        postDestinationMacAddress: '02:00:00:00:00:01',
      });
    }
  });
});

describe.skipIf(skipWithout('nfpcapd', 'nfreplay'))(`nfreplay ${needs('nfdump')}`, { timeout }, () => {
  const nfreplay = (version: string) => async (port: number) => {
    const stored = await mkdtemp(join(folder, 'nfcapd-'));
    await run('nfpcapd', ['-r', pcap, '-w', stored]);
    const [file] = (await readdir(stored)).filter((name) => /^nfcapd\.\d+$/.test(name));
    await run('nfreplay', ['-r', join(stored, file), '-H', '127.0.0.1', '-p', String(port), '-v', version]);
  };

  it('NetFlow v5, which has no IPv6', async () => {
    expectFlows(await receiveUdp(nfreplay('5')), { ipv6: false, times: 'flow' });
  });

  it('NetFlow v9', async () => {
    expectFlows(await receiveUdp(nfreplay('9')), { times: 'flow' });
  });
});

describe.skipIf(skipWithout('pmacctd'))(`pmacctd's nfprobe ${needs('pmacct')}`, { timeout }, () => {
  const nfprobe = (version: string) => async (port: number) => {
    const file = join(folder, `pmacct-${version}.conf`);
    const lines = [
      'daemonize: false',
      `pcap_savefile: ${pcap}`,
      'plugins: nfprobe',
      `nfprobe_receiver: 127.0.0.1:${port}`,
      `nfprobe_version: ${version}`,
      'aggregate: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags',
      '',
    ];
    await writeFile(file, lines.join('\n'));
    // It ends with 1 where the plugin, which has sent everything, is gone before it.
    await run('pmacctd', ['-f', file], [0, 1]);
  };

  it.concurrent('NetFlow v5, whose uptimes cannot tell times of years ago', async () => {
    expectFlows(await receiveUdp(nfprobe('5')), { ipv6: false, times: 'none' });
  });

  it.concurrent('NetFlow v9', async () => {
    expectFlows(await receiveUdp(nfprobe('9')), { times: 'conversation' });
  });

  it.concurrent('IPFIX', async () => {
    expectFlows(await receiveUdp(nfprobe('10')), { times: 'conversation' });
  });
});
