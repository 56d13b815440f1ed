import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecurityEvent } from '@flowpact/event';
import {
  createPlanner,
  createRails,
  defaultPlanner,
  defaultRails,
  type PlanMitigations,
} from '@flowpact/response';
import { createFlowArchive, createStore, type Store } from '@flowpact/store';
import { createArchiveReplay } from 'flowpact';
import type { Benchmark } from './measure.ts';
import { createRandom } from './random.ts';

const flowCount = 10_000_000;
const windowMs = 1_800_000;
const startMs = Date.UTC(2026, 10, 22, 13);
const attacker = '203.0.113.7';
const victim = '198.18.0.10';
/** One flow in so many is of the attack on the victim, and as many are of its clients. */
const oneIn = 1_000;

let directory = '';
let store: Store | undefined;
let plan: PlanMitigations | undefined;
let notes = '';

/** Half an hour of 10 million flows between 100,000 sources and 65,536 destinations. */
async function makeArchive(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'flowpact-bench-'));
  const archive = createFlowArchive({ directory: join(directory, 'flows') });
  await archive.start();
  const random = createRandom(1);
  for (let i = 0; i < flowCount; i++) {
    const kind = Math.floor(random() * oneIn);
    const packets = 1 + Math.floor(200 * random() ** 3);
    archive.append({
      flowStartMilliseconds: startMs + Math.floor((i / flowCount) * windowMs),
      sourceIPv4Address: kind === 0 ? 0xcb007107 : 0x0a000000 + Math.floor(100_000 * random() ** 4),
      destinationIPv4Address: kind <= 1 ? 0xc612000a : 0xc6120000 + Math.floor(65_536 * random()),
      sourceTransportPort: 1024 + Math.floor(64_000 * random()),
      destinationTransportPort: kind === 0 ? 22 : 443,
      protocolIdentifier: 6,
      tcpControlBits: 0x1b,
      packetDeltaCount: packets,
      octetDeltaCount: packets * (40 + Math.floor(1400 * random())),
    });
    if (i % 8192 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (archive.stats.flows - archive.stats.written > 1_000_000) await archive.flush();
  }
  await archive.stop();
}

async function setup(): Promise<void> {
  if (plan !== undefined) return;
  await makeArchive();
  store = createStore({ directory });
  await store.start();
  const clock = { now: () => startMs + windowMs };
  plan = createPlanner(
    { ...defaultPlanner, playbook: [{ level: 'propose', emitters: ['any'] }] },
    {
      emitters: [{ name: 'any', objection: () => undefined }],
      rails: createRails(defaultRails, { clock }),
      clock,
      replay: createArchiveReplay(store),
    },
  );
}

async function teardown(): Promise<void> {
  await store?.stop();
  await rm(directory, { recursive: true, force: true });
  plan = undefined;
}

const targets = [{ address: victim, protocol: 6, ports: [{ low: 22 }] }];

/** All candidates against one event, tried on 10 million flows. */
const collateral: Benchmark = {
  id: 'response/collateral',
  unit: 'flows',
  warmups: 1,
  repeats: 3,
  setup,
  teardown,
  notes: () => notes,
  async run() {
    const event: SecurityEvent = { type: 'bruteForce', sources: [{ address: attacker }], targets };
    const before = performance.now();
    const [{ candidates }] = (await plan?.({ event, origin: { kind: 'event' } })) ?? [];
    const report = candidates[0].collateral;
    notes =
      `${Math.round(performance.now() - before)} ms for ${candidates.length} candidates; ` +
      `${report?.attack.all.flows} flows of the attack, ${report?.others.all.flows} others`;
    return flowCount;
  },
};

export const benchmarks: readonly Benchmark[] = [collateral];
