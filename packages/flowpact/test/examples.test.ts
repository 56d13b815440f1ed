import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createFlowDecoder } from '@flowpact/ipfix';
import { describe, expect, it } from 'vitest';
import { exportTraffic } from '../src/generate/export-traffic.ts';
import { generateTraffic } from '../src/generate/traffic.ts';
import { createDetector } from '../src/pipeline/detector.ts';
import { compileModuleFile } from '../src/pipeline/module-file.ts';
import { examples } from './shared.ts';

const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.epl'),
);
const { truth, flows } = generateTraffic({ durationMs: 13 * 60_000 });
const messages = [...exportTraffic(flows)];

describe('the examples', () => {
  it('are there', () => expect(files.length).toBeGreaterThanOrEqual(5));

  it.each(files)('%s finds the attack in generated traffic', async (file) => {
    const detector = createDetector({ module: await compileModuleFile(join(examples, file)) });
    const found = new Set<unknown>();
    const output = detector.statement('Output');
    if (output === undefined) throw new Error('no statement Output');
    detector.onDetections([output], ({ rows }) => {
      for (const row of rows) found.add(row.attacker ?? row.Attacker ?? row.Scanner);
    });
    const decoder = createFlowDecoder({}, { reader: detector.recordReader() });
    for (const message of messages) decoder.decode(message);
    expect([...found]).toContain(truth.attacks[0].attackers[0]);
  });
});
