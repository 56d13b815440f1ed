import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFlowDecoder } from '@flowpact/ipfix';
import type { FlowAspect, FlowReplay, FlowReplayQuery, TrafficFlow } from '@flowpact/response';
import { createFlowArchive, createStore, StoreError } from '@flowpact/store';
import { beforeAll, describe, expect, it } from 'vitest';
import { createArchiveReader } from '../../src/archive/archive-reader.ts';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import { createArchiveReplay } from '../../src/response/archive-replay.ts';
import { createFileReplay, trafficReader } from '../../src/response/file-replay.ts';
import { temporaryFolder } from '../cli/workspace.ts';

const folder = temporaryFolder();
const file = join(folder, 'flows.ipfix');
const state = join(folder, 'state');
const startMs = Date.UTC(2026, 0, 1);
/** As exported, one by one: what both replays are held against. */
const exported: { readonly flow: TrafficFlow; readonly startMs: number }[] = [];

beforeAll(async () => {
  const traffic = generateTraffic({
    seed: 5,
    startMs,
    durationMs: 120_000,
    ipv6Share: 0.4,
    attacks: [{ scenario: 'syn-flood', scale: 0.2 }],
  });
  const messages = [...exportTraffic(traffic.flows)];
  writeFileSync(file, Buffer.concat(messages));
  const archive = createFlowArchive({ directory: join(state, 'flows') });
  await archive.start();
  const readers = [
    createArchiveReader(archive, undefined),
    trafficReader((flow, at) => void exported.push({ flow, startMs: at })),
  ];
  for (const reader of readers) {
    const decoder = createFlowDecoder({}, { reader });
    for (const message of messages) decoder.decode(message);
  }
  await archive.stop();
});

type Alike = ReadonlyMap<string, readonly number[]>;

function alike(flows: Iterable<TrafficFlow>, aspects: readonly FlowAspect[]): Alike {
  const sums = new Map<string, number[]>();
  for (const flow of flows) {
    const values = aspects.map((aspect) =>
      aspect === 'packetLength' ? flow.octets / flow.packets : flow[aspect],
    );
    const key = [flow.source, flow.destination, ...values].join(' ');
    const sum = sums.get(key) ?? [0, 0, 0];
    sums.set(key, [sum[0] + flow.flows, sum[1] + flow.packets, sum[2] + flow.octets]);
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function replayed(replay: FlowReplay, query: FlowReplayQuery): Promise<TrafficFlow[]> {
  const flows: TrafficFlow[] = [];
  for await (const batch of replay.replay(query)) flows.push(...batch);
  return flows;
}

const fileReplay = () =>
  createFileReplay([file], {
    signal: new AbortController().signal,
    onIssue: (place, _code, message) => expect.fail(`${place}: ${message}`),
  });

async function withArchive<T>(work: (replay: FlowReplay) => Promise<T>): Promise<T> {
  const store = createStore({ directory: state, access: 'read' });
  await store.start();
  try {
    return await work(createArchiveReplay(store));
  } finally {
    await store.stop();
  }
}

const all = ['protocol', 'sourcePort', 'destinationPort', 'tcpFlags', 'packetLength'] as const;
const base = { fromMs: startMs, toMs: startMs + 200_000, limit: 1_000_000 };
const inside4 = (address: string) => address.startsWith('198.18.');

describe.each([
  ['files', (query: FlowReplayQuery) => replayed(fileReplay(), query)],
  ['the archive', (query: FlowReplayQuery) => withArchive((replay) => replayed(replay, query))],
])('the flows of %s', (_name, replay) => {
  it.each([[[]], [['protocol']], [['tcpFlags', 'destinationPort']], [all]] as const)(
    'are those to and from networks, alike in %j',
    async (aspects) => {
      const anyOf = [{ destination: '198.18.0.0/16' }, { source: '2001:db8::/32' }];
      const wanted = exported.filter(
        ({ flow }) => inside4(flow.destination) || flow.source.startsWith('2001:db8:'),
      );
      expect(wanted.length).toBeGreaterThan(1000);
      const flows = await replay({ ...base, anyOf, aspects });
      expect(alike(flows, aspects)).toEqual(
        alike(
          wanted.map(({ flow }) => flow),
          aspects,
        ),
      );
      expect(flows.length).toBeLessThanOrEqual(wanted.length);
    },
  );

  it('are those of the time', async () => {
    const fromMs = startMs + 30_000;
    const toMs = startMs + 40_000;
    const flows = await replay({
      ...base,
      fromMs,
      toMs,
      anyOf: [{ destination: '0.0.0.0/0' }, { destination: '::/0' }],
      aspects: [],
    });
    const wanted = exported.filter(({ startMs: at }) => at >= fromMs && at < toMs);
    expect(flows.reduce((sum, flow) => sum + flow.flows, 0)).toBe(wanted.length);
  });

  it('are no more than wanted', async () => {
    const flows = await replay({
      ...base,
      anyOf: [{ destination: '198.18.0.0/16' }],
      aspects: all,
      limit: 10,
    });
    expect(flows).toHaveLength(10);
    expect(flows.map(({ octets }) => octets)).toEqual(
      flows.map(({ octets }) => octets).toSorted((a, b) => b - a),
    );
  });

  it('are none of what was not asked for', async () => {
    const both = { source: '203.0.113.0/24', destination: '198.18.0.0/16' };
    expect(await replay({ ...base, anyOf: [both], aspects: [] })).toEqual([]);
    expect(await replay({ ...base, anyOf: [], aspects: [] })).toEqual([]);
  });
});

describe('a replay that fails', () => {
  it('says so in its own words', async () => {
    const replay = createArchiveReplay({
      topFlows: () => Promise.reject(new StoreError('STORE_FULL', '100 queries wait already')),
    });
    await expect(
      replayed(replay, { ...base, anyOf: [{ destination: '192.0.2.1' }], aspects: [] }),
    ).rejects.toMatchObject({
      code: 'RESPONSE_REPLAY_FAILED',
      message: 'the kept flows cannot be read: 100 queries wait already',
    });
  });
});
