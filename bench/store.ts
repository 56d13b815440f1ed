import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileJournal } from '@flowpact/exchange';
import { createFlowDecoder } from '@flowpact/ipfix';
import { createFlowArchive, createStore, type FlowArchive, rowsOf, type Store } from '@flowpact/store';
import { createArchiveReader } from 'flowpact';
import { encodeFlows, flowcepMix } from './ipfix-flows.ts';
import type { Benchmark } from './measure.ts';
import { createRandom } from './random.ts';

const folder = { path: '' };
let notes = '';

async function makeFolder(): Promise<void> {
  folder.path = await mkdtemp(join(tmpdir(), 'flowpact-bench-'));
}
const removeFolder = () => rm(folder.path, { recursive: true, force: true });
const inFolder = { setup: makeFolder, teardown: removeFolder, notes: () => notes };

let runs = 0;
async function openArchive(): Promise<FlowArchive> {
  const archive = createFlowArchive({ directory: join(folder.path, `${runs++}`, 'flows') });
  await archive.start();
  return archive;
}

/** Lets the archive's own work have its turn, as a socket does. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));

let messages: readonly Uint8Array[] = [];

/** IPFIX into Parquet: decoding, gathering, compression and flush. */
const write: Benchmark = {
  ...inFolder,
  id: 'store/write',
  unit: 'flows',
  warmups: 1,
  repeats: 3,
  async setup() {
    await makeFolder();
    messages = encodeFlows(flowcepMix, 200_000);
  },
  async run() {
    const archive = await openArchive();
    const decoder = createFlowDecoder({}, { reader: createArchiveReader(archive, '192.0.2.1') });
    for (let i = 0; i < 5; i++) {
      for (const [n, message] of messages.entries()) {
        decoder.decode(message);
        if (n % 256 === 0) await breathe();
      }
    }
    await archive.stop();
    const { written, dropped, bytes, files } = archive.stats;
    notes = `${dropped} dropped; ${(bytes / written).toFixed(1)} bytes a flow in ${files} files`;
    return written;
  },
};

const largeFlows = 10_000_000;
const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 10, 22);
let large: Promise<Store> | undefined;

/** A day of 10 million flows: 100,000 sources, of which few have most of the flows; 65,536 destinations. */
async function makeLargeArchive(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'flowpact-bench-'));
  // Several benchmarks share it, so that it goes with the process.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const archive = createFlowArchive({ directory: join(directory, 'flows') });
  await archive.start();
  const random = createRandom(1);
  for (let i = 0; i < largeFlows; i++) {
    const flowStartMilliseconds = startMs + Math.floor((i / largeFlows) * dayMs);
    const packets = 1 + Math.floor(200 * random() ** 3);
    archive.append({
      flowStartMilliseconds,
      flowEndMilliseconds: flowStartMilliseconds + Math.floor(10_000 * random()),
      sourceIPv4Address: 0x0a000000 + Math.floor(100_000 * random() ** 4),
      destinationIPv4Address: 0xc6120000 + Math.floor(65_536 * random()),
      sourceTransportPort: 1024 + Math.floor(64_000 * random()),
      destinationTransportPort: [443, 443, 443, 80, 53, 22][Math.floor(6 * random())],
      protocolIdentifier: random() < 0.7 ? 6 : 17,
      tcpControlBits: Math.floor(64 * random()),
      packetDeltaCount: packets,
      octetDeltaCount: packets * (40 + Math.floor(1400 * random())),
      exporterIPv4Address: 0xc0000201,
      observationDomainId: 1,
    });
    if (i % 8192 === 0) await breathe();
    if (archive.stats.flows - archive.stats.written > 1_000_000) await archive.flush();
  }
  await archive.stop();
  const store = createStore({ directory });
  await store.start();
  return store;
}

const ofLargeArchive = (id: string, ask: (store: Store) => Promise<unknown>): Benchmark => ({
  id,
  unit: 'flows',
  warmups: 1,
  repeats: 3,
  async setup() {
    large ??= makeLargeArchive();
    await large;
  },
  async run() {
    const store = await large;
    const before = performance.now();
    await ask(store as Store);
    notes = `${Math.round(performance.now() - before)} ms for 10 million flows`;
    return largeFlows;
  },
  notes: () => notes,
});

const top = ofLargeArchive('store/top', async (store) =>
  rowsOf(await store.topFlows({ by: ['source'], orderBy: 'octets', limit: 10 })),
);

const timeline = ofLargeArchive('store/timeline', async (store) =>
  rowsOf(await store.timeLine({ bucketMs: 300_000 })),
);

const filtered = ofLargeArchive('store/filter', async (store) => {
  const condition = { sql: 'destinationIPv4Address BETWEEN 3323068416 AND 3323068671', texts: [] };
  return rowsOf(await store.topFlows({ by: ['source'], orderBy: 'flows', limit: 10, condition }));
});

const detectionCount = 20_000;

/** Rows that are on the disk, as they come in bursts. */
const detections: Benchmark = {
  ...inFolder,
  id: 'store/detections',
  unit: 'detections',
  warmups: 1,
  repeats: 3,
  async run() {
    const store = createStore({ directory: join(folder.path, `${runs++}`) });
    await store.start();
    for (let i = 0; i < detectionCount; i += 1000) {
      await Promise.all(
        Array.from({ length: 100 }, (_, k) =>
          store.addDetections(
            Array.from({ length: 10 }, (_unused, n) => ({
              timeMs: startMs + i,
              statement: 'BruteForce',
              row: { source: '192.0.2.1', target: '198.51.100.7', count: i + k + n },
            })),
          ),
        ),
      );
    }
    notes = `${store.stats.commits} commits`;
    await store.stop();
    return detectionCount;
  },
};

const messageCount = 500;
const messageBytes = new Uint8Array(2000);

const perMessage = (before: number) => {
  notes = `${((performance.now() - before) / messageCount).toFixed(2)} ms from one message to the next`;
};

/** Messages promised one after the other, each on the disk before the next: the file journal of exchange. */
const journalFile: Benchmark = {
  ...inFolder,
  id: 'store/journal-file',
  unit: 'messages',
  warmups: 1,
  repeats: 3,
  async run() {
    const journal = createFileJournal({ directory: join(folder.path, `${runs++}`) });
    await journal.open();
    const before = performance.now();
    for (let i = 0; i < messageCount; i++) {
      await journal.append({
        reference: { sender: 'isp-a.example', id: String(i) },
        partner: 'isp-b.example',
        language: 'flex',
        bytes: messageBytes,
        atMs: startMs,
      });
    }
    perMessage(before);
    await journal.close();
    return messageCount;
  },
};

/** The same, each a row and a commit of the store: the least that a journal on DuckDB would have to do. */
const journalDuckdb: Benchmark = {
  ...inFolder,
  id: 'store/journal-duckdb',
  unit: 'messages',
  warmups: 1,
  repeats: 3,
  async run() {
    const store = createStore({ directory: join(folder.path, `${runs++}`) });
    await store.start();
    const before = performance.now();
    for (let i = 0; i < messageCount; i++) {
      await store.addMessages([
        {
          timeMs: startMs,
          direction: 'out',
          partner: 'isp-b.example',
          language: 'flex',
          bytes: messageBytes,
          message: {
            kind: 'alert',
            id: String(i),
            sender: { name: 'isp-a.example' },
            createdMs: startMs,
            event: { type: 'scan' },
          },
        },
      ]);
    }
    perMessage(before);
    await store.stop();
    return messageCount;
  },
};

export const benchmarks = [write, top, timeline, filtered, detections, journalFile, journalDuckdb];
