import { createFlowDecoder } from '@flowpact/ipfix';
import type { FlowReplayQuery, TrafficFlow } from '@flowpact/response';
import { describe, expect, it } from 'vitest';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import { createFlowMemory } from '../../src/watch/flow-memory.ts';
import { createFlowMemoryReplay } from '../../src/watch/flow-memory-replay.ts';

const { flows, truth } = generateTraffic({ seed: 1 });
const [attack] = truth.attacks;
const [attacker] = attack.attackers;
const memory = createFlowMemory();
const decoder = createFlowDecoder({}, { reader: memory.reader });
for (const message of exportTraffic(flows)) decoder.decode(message);
const replay = createFlowMemoryReplay(memory);

async function replayed(query: Partial<FlowReplayQuery>): Promise<TrafficFlow[]> {
  const all: TrafficFlow[] = [];
  for await (const batch of replay.replay({
    ...{ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, aspects: [], limit: 1_000_000 },
    anyOf: [{ source: `${attacker}/32` }],
    ...query,
  })) {
    all.push(...batch);
  }
  return all;
}

describe('the replay of flows in memory', () => {
  it('gives those that a rule may hit, each as it was', async () => {
    const found = await replayed({});
    expect(found).toHaveLength(attack.stages.reduce((sum, stage) => sum + stage.flows, 0));
    expect(new Set(found.map(({ source }) => source))).toEqual(new Set([attacker]));
    expect(
      found.every(({ flows: count, protocol, packets }) => count === 1 && protocol === 6 && packets > 0),
    ).toBe(true);
    const web = { source: `${attacker}/32`, protocols: [6], destinationPorts: [{ low: 81, high: 65_535 }] };
    expect(await replayed({ anyOf: [web] })).toEqual(
      found.filter(({ destinationPort = 0 }) => destinationPort > 80),
    );
    expect(await replayed({ anyOf: [{ source: '192.0.2.1/32' }] })).toEqual([]);
  });

  it('keeps to the span of time and to the limit', async () => {
    const all = await replayed({});
    const middleMs = truth.startMs + truth.durationMs / 2;
    const [before, after] = [await replayed({ toMs: middleMs }), await replayed({ fromMs: middleMs })];
    expect(before.length + after.length).toBe(all.length);
    expect(await replayed({ limit: 5 })).toHaveLength(5);
  });
});
