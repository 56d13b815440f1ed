import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlowArchive, createStore } from '../../src/index.ts';
import { ask, newDirectory, startMs } from '../scratch.ts';

/** A file system of so many bytes; only root may make one. */
function mountSmall(folder: string, bytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]).status === 0;
}

const folder = newDirectory();
const isMounted = process.getuid?.() === 0 && mountSmall(folder, 6 * 1024 * 1024);
const note = isMounted ? '' : ' (skipped: needs root, to mount a small file system)';

describe.skipIf(!isMounted)(`a full disk${note}`, () => {
  it('fails writes while it is full, and nothing after that; what was acknowledged is there', async () => {
    const directory = join(folder, 'state');
    const ballast = join(folder, 'ballast');
    const store = createStore({ directory });
    const archive = createFlowArchive({ directory: join(directory, 'flows') });
    try {
      await store.start();
      await archive.start();
      let seed = 1;
      const noise = () => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        return seed;
      };
      const add = (statement: string) =>
        store.addDetections([
          { timeMs: startMs, statement, row: { noise: Array.from({ length: 2000 }, noise) } },
        ]);
      await add('before');
      writeFileSync(ballast, Buffer.alloc(4 * 1024 * 1024));
      let stored = 1;
      for (let failures = 0; failures < 3; ) {
        try {
          await add('full');
          stored++;
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORE_WRITE_FAILED' });
          failures++;
        }
        expect(stored).toBeLessThan(1000);
      }
      for (let i = 0; i < 200_000; i++) {
        archive.append({
          flowStartMilliseconds: startMs,
          octetDeltaCount: noise(),
          sourceIPv4Address: noise(),
        });
      }
      await expect(archive.flush()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
      expect(archive.stats).toMatchObject({ written: 0, dropped: 0 });

      rmSync(ballast);
      await add('after');
      await archive.flush();
      expect(await ask(store, 'SELECT count(*) FROM detections')).toEqual([[stored + 1]]);
      expect(await ask(store, 'SELECT count(*) FROM flows')).toEqual([[200_000]]);
      expect(store.stats.failedWrites).toBeGreaterThanOrEqual(3);
    } finally {
      await archive.stop();
      await store.stop();
      execFileSync('umount', ['-l', folder]);
    }
  });
});
