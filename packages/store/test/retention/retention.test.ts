import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFlowArchive, createStore } from '../../src/index.ts';
import { ask, newDirectory, startMs, withStore } from '../scratch.ts';

const hourMs = 3_600_000;
const clock = { now: () => startMs };

/** An archive with a flow in each of the last ten hours. */
async function archiveOfTenHours(): Promise<string> {
  const directory = newDirectory();
  const archive = createFlowArchive({ directory: join(directory, 'flows') });
  await archive.start();
  for (let hour = 0; hour < 10; hour++) archive.append({ flowStartMilliseconds: startMs - hour * hourMs });
  await archive.stop();
  return directory;
}

const files = (directory: string) =>
  readdirSync(join(directory, 'flows'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.parquet'),
  );

async function retain(directory: string, retention: object) {
  const store = createStore({ directory, retention }, { clock });
  await store.start();
  const report = await store.retain();
  await store.stop();
  return report;
}

describe('the retention of flows', () => {
  it('removes hours that are too old, and their folders', async () => {
    const directory = await archiveOfTenHours();
    expect(await retain(directory, { maxFlowAgeMs: 3 * hourMs })).toMatchObject({ removedFiles: 6 });
    expect(files(directory)).toHaveLength(4);
    expect(existsSync(join(directory, 'flows/date=2026-11-22/hour=09'))).toBe(false);
  });

  it('removes the oldest where there are too many bytes, or too many files', async () => {
    const directory = await archiveOfTenHours();
    const [{ size }] = files(directory).map((name) => statSync(join(directory, 'flows', name)));
    const report = await retain(directory, { maxFlowBytes: 5 * size });
    expect(report.removedFiles).toBeGreaterThanOrEqual(5);
    expect(report.removedFiles).toBeLessThan(7);
    expect(report.removedFileBytes).toBeGreaterThan(4 * size);
    expect(await retain(directory, { maxFlowFiles: 2 })).toMatchObject({ removedRows: 0 });
    expect(files(directory).map((name) => name.slice(0, 23))).toEqual([
      'date=2026-11-22/hour=12',
      'date=2026-11-22/hour=13',
    ]);
  });
});

describe('the retention of tables', () => {
  it('removes rows that are too old', () =>
    withStore({ retention: { maxTableAgeMs: hourMs } }, async (store) => {
      const timeMs = Date.now();
      await store.addDetections([
        { timeMs, statement: 'new', row: {} },
        { timeMs: timeMs - 2 * hourMs, statement: 'old', row: {} },
      ]);
      await store.addTraffic([{ minuteMs: timeMs - 2 * hourMs, flows: 1, packets: 1, octets: 1 }]);
      expect(await store.retain()).toMatchObject({ removedRows: 2 });
      expect(await ask(store, 'SELECT statement FROM detections')).toEqual([['new']]);
    }));

  it('removes the oldest rows where the tables are too large, and no more of them than needed', () =>
    withStore({ retention: { maxTableBytes: 2 * 1024 * 1024 } }, async (store) => {
      let seed = 1;
      const noise = () => {
        let text = '';
        while (text.length < 1000) {
          seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
          text += seed.toString(36);
        }
        return text;
      };
      const timeMs = Date.now() - hourMs;
      for (let i = 0; i < 5; i++) {
        await store.addDetections(
          Array.from({ length: 1000 }, (_, k) => ({
            timeMs: timeMs + i * 1000 + k,
            statement: 's',
            row: { noise: noise() },
          })),
        );
      }
      const { removedRows } = await store.retain();
      const [[count, oldest, newest]] = await ask(
        store,
        'SELECT count(*), min(number), max(number) FROM detections',
      );
      expect([count, newest]).toEqual([5_000 - removedRows, 5_000]);
      expect(oldest).toBe(removedRows + 1);
      expect(count).toBeGreaterThan(500);
      expect(count).toBeLessThan(4_000);
    }));

  it('looks again and again by itself', async () => {
    let look = () => {};
    const directory = await archiveOfTenHours();
    const deps = {
      clock,
      every(_periodMs: number, call: () => void) {
        look = call;
        return () => undefined;
      },
    };
    const store = createStore({ directory, retention: { maxFlowAgeMs: hourMs } }, deps);
    await store.start();
    look();
    await store.stop();
    expect(files(directory)).toHaveLength(2);
  });
});
