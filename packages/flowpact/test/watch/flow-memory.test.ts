import { createFlowDecoder, createObjectReader } from '@flowpact/ipfix';
import { expect, it } from 'vitest';
import { exportTraffic } from '../../src/generate/export-traffic.ts';
import { generateTraffic } from '../../src/generate/traffic.ts';
import { createFlowMemory } from '../../src/watch/flow-memory.ts';

it('keeps no more octets than it may, and of these the latest', () => {
  const memory = createFlowMemory({ maxOctets: 10_000 });
  const ends: number[] = [];
  const fields = [{ name: 'endMs', elements: [{ pen: 0, id: 153 }], as: 'number' as const }];
  const collect = createObjectReader(
    { fields },
    { onRecord: (record) => ends.push((record as { endMs: number }).endMs) },
  );
  const decoder = createFlowDecoder({}, { reader: memory.reader });
  for (const message of exportTraffic(generateTraffic({ durationMs: 60_000 }).flows)) decoder.decode(message);
  expect(memory.octets).toBeLessThanOrEqual(10_000);
  expect(memory.octets).toBeGreaterThan(8000);
  const sets: number[] = [];
  memory.readBack(collect, (set) => sets.push(set) < 1000);
  expect(sets[0]).toBe(memory.sets - 1);
  expect(ends.length).toBeGreaterThan(80);
  expect(Math.min(...ends)).toBeGreaterThan(Date.UTC(2026, 0, 1) + 30_000);
});
