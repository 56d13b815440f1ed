import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlowArchive } from '../../src/index.ts';
import { ask, newDirectory, startMs, withStore } from '../scratch.ts';

const hourMs = 3_600_000;
const folderOf = (directory: string) => join(directory, 'flows/date=2026-11-22/hour=13');
const filesOf = (directory: string) =>
  readdirSync(folderOf(directory)).filter((name) => name.endsWith('.parquet'));

/** An hour of six files with a flow each, the last ones with a column more. */
async function sixFiles(): Promise<string> {
  const directory = newDirectory();
  for (const [from, extraColumns] of [
    [0, []],
    [3, [{ name: 'httpUrl', elements: [], type: 'string' as const }]],
  ] as const) {
    const archive = createFlowArchive({ directory: join(directory, 'flows'), extraColumns });
    await archive.start();
    for (let i = from; i < from + 3; i++) {
      archive.append({ flowStartMilliseconds: startMs + i, sourceTransportPort: i, httpUrl: `/${i}` });
      await archive.flush();
    }
    await archive.stop();
  }
  return directory;
}

const at = (nowMs: number) => ({ clock: { now: () => nowMs } });
const over = startMs + 3 * hourMs;
const rows = [0, 1, 2, 3, 4, 5].map((i) => [i, i < 3 ? null : `/${i}`]);
const sql = 'SELECT sourceTransportPort, httpUrl FROM flows ORDER BY 1';

describe('small files of an hour', () => {
  it('become one when the hour is over, with every flow and column', async () => {
    const directory = await sixFiles();
    await withStore(
      { directory },
      async (store) => {
        expect((await store.retain()).mergedFiles).toBe(0);
        expect(filesOf(directory)).toHaveLength(6);
      },
      at(startMs + hourMs),
    );
    await withStore(
      { directory },
      async (store) => {
        expect((await store.retain()).mergedFiles).toBe(5);
        expect(filesOf(directory)).toHaveLength(1);
        expect(await ask(store, sql)).toEqual(rows);
        expect((await store.retain()).mergedFiles).toBe(0);
      },
      at(over),
    );
    expect(readdirSync(folderOf(directory))).toEqual(filesOf(directory));
  });

  it('after a crash before the new one had its name are read, and merged anew', async () => {
    const directory = await sixFiles();
    writeFileSync(
      join(folderOf(directory), '_replaced.json'),
      JSON.stringify({ by: 'never.parquet', files: filesOf(directory) }),
    );
    await withStore(
      { directory },
      async (store) => {
        expect(await ask(store, sql)).toEqual(rows);
        await store.retain();
        expect(await ask(store, sql)).toEqual(rows);
        expect(filesOf(directory)).toHaveLength(1);
      },
      at(over),
    );
  });

  it('after a crash before they were removed are passed over, and then removed', async () => {
    const directory = await sixFiles();
    const copy = await sixFiles();
    await withStore({ directory: copy }, (store) => store.retain(), at(over));
    const [by] = filesOf(copy);
    writeFileSync(
      join(folderOf(directory), '_replaced.json'),
      JSON.stringify({ by, files: filesOf(directory) }),
    );
    renameSync(join(folderOf(copy), by), join(folderOf(directory), by));
    await withStore(
      { directory },
      async (store) => {
        expect(filesOf(directory)).toHaveLength(7);
        expect(await ask(store, sql)).toEqual(rows);
        await store.retain();
        expect(filesOf(directory)).toEqual([by]);
        expect(existsSync(join(folderOf(directory), '_replaced.json'))).toBe(false);
        expect(await ask(store, sql)).toEqual(rows);
      },
      at(over),
    );
  });
});
