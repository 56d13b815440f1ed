import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createFlowArchive } from '../../src/index.ts';
import { ask, newDirectory, withStore } from '../scratch.ts';

interface Acknowledged {
  readonly detections: number[];
  readonly flows: number;
}

/** Lets a process write, and kills it once it has said so many things. */
async function writeAndKill(directory: string, first: number, linesUntilKill: number): Promise<Acknowledged> {
  const script = join(import.meta.dirname, 'writer.mjs');
  const child = spawn(process.execPath, [script, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const detections: number[] = [];
  let flows = 0;
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, number] = line.split(' ');
    if (what === 'detection') detections.push(Number(number));
    else flows = Number(number);
    if (++lines === linesUntilKill) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return { detections, flows };
}

describe('kill -9', () => {
  it('loses nothing that was acknowledged, however often and whenever', async () => {
    const directory = newDirectory();
    const acknowledged: number[] = [];
    let flowsAtLeast = 0;
    for (const linesUntilKill of [1, 7, 40, 111, 333, 2]) {
      const first = acknowledged.reduce((a, b) => Math.max(a, b), 0) + 1000;
      const { detections, flows } = await writeAndKill(directory, first, linesUntilKill);
      acknowledged.push(...detections);
      flowsAtLeast += flows;

      await withStore({ directory }, async (store) => {
        const rows = await ask(store, `SELECT (detection->>'$.each')::BIGINT FROM detections`);
        const stored = rows.map(([each]) => each);
        expect(new Set(stored).size).toBe(stored.length);
        expect(acknowledged.filter((each) => !stored.includes(each))).toEqual([]);
        const numbers = await ask(store, 'SELECT count(*) - count(DISTINCT number) FROM detections');
        expect(numbers).toEqual([[0]]);
        // Every file is whole: a sum reads all of it.
        const [[flowCount, octets]] = await ask(
          store,
          'SELECT count(*), coalesce(sum(octetDeltaCount), 0) FROM flows',
        );
        expect(octets).toBe(flowCount);
        expect(flowCount).toBeGreaterThanOrEqual(flowsAtLeast);
      });
    }
    // The log was merged into the file again and again, and once more when the store stopped.
    const wal = readdirSync(directory).filter((name) => name.endsWith('.wal'));
    expect(
      wal.map((name) => statSync(join(directory, name)).size).filter((size) => size > 1024 * 1024),
    ).toEqual([]);

    const archive = createFlowArchive({ directory: join(directory, 'flows') });
    await archive.start();
    await archive.stop();
    expect(readdirSync(join(directory, 'flows', '_incoming'))).toEqual([]);
  });
});
