import { describe, expect, it } from 'vitest';
import { isOutOfMemory } from '../../src/database/commit-queue.ts';
import { rowsOf } from '../../src/index.ts';
import { ask, newDirectory, startMs, withStore } from '../scratch.ts';

/** Work for minutes. */
const endless =
  'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1';

describe('a query', () => {
  it('comes in batches, of which no more are made than taken', () =>
    withStore({}, async (store) => {
      const result = await store.query('SELECT range AS n FROM range(10000000000)');
      expect(result.columns).toEqual([{ name: 'n', type: 'BIGINT' }]);
      let rows = 0;
      for await (const batch of result.batches) {
        rows += batch.length;
        if (rows > 5000) break;
      }
      // The connection is free again.
      expect(await ask(store, 'SELECT 1')).toEqual([[1]]);
    }));

  it('says that there would be more than the limit', () =>
    withStore({ query: { maxRows: 3000 } }, async (store) => {
      const sql = (rows: number) => `SELECT * FROM range(${rows})`;
      const more = await store.query(sql(3001));
      expect(await rowsOf(more)).toHaveLength(3000);
      expect(more.isTruncated).toBe(true);
      const all = await store.query(sql(3000));
      expect(await rowsOf(all)).toHaveLength(3000);
      expect(all.isTruncated).toBe(false);
      expect(await rowsOf(await store.query(sql(9), { maxRows: 2 }))).toEqual([[0], [1]]);
    }));

  it('ends when its time is over', () =>
    withStore({}, async (store) => {
      const query = store.query(endless, { timeoutMs: 50 }).then(rowsOf);
      await expect(query).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED', message: /50 ms/ });
    }));

  it('cannot ask for more time than the store allows', () =>
    withStore({ query: { timeoutMs: 50 } }, async (store) => {
      const query = store.query(endless, { timeoutMs: 3_600_000 }).then(rowsOf);
      await expect(query).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
    }));

  it('whose rows nobody takes gives its connection back when it is over', () =>
    withStore({ query: { maxConcurrent: 1 } }, async (store) => {
      const controller = new AbortController();
      const left = await store.query('SELECT * FROM range(10000000)', { signal: controller.signal });
      controller.abort();
      expect(await ask(store, 'SELECT 1')).toEqual([[1]]);
      await expect(rowsOf(left)).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
    }));

  it('ends when whoever asked gives up, before and while it runs', () =>
    withStore({}, async (store) => {
      const controller = new AbortController();
      const query = store.query(endless, { signal: controller.signal }).then(rowsOf);
      setImmediate(() => controller.abort());
      await expect(query).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
      const late = store.query('SELECT 1', { signal: AbortSignal.abort() });
      await expect(late).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
    }));

  it('waits for its turn, and is refused where too many wait', () =>
    withStore({ query: { maxConcurrent: 1, maxWaiting: 1 } }, async (store) => {
      const controller = new AbortController();
      const first = store.query(endless, { signal: controller.signal }).then(rowsOf);
      const second = ask(store, 'SELECT 2');
      await expect(store.query('SELECT 3')).rejects.toMatchObject({ code: 'STORE_FULL' });
      // What is stored does not wait for queries.
      await store.addDetections([{ timeMs: startMs, statement: 's', row: {} }]);
      controller.abort();
      await expect(first).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
      expect(await second).toEqual([[2]]);
    }));

  it('does not keep the store from stopping', async () => {
    let query: Promise<unknown> | undefined;
    await withStore({}, async (store) => {
      query = expect(store.query(endless).then(rowsOf)).rejects.toMatchObject({ code: 'STORE_QUERY_ENDED' });
    });
    await query;
  });

  it('that needs more memory than there is fails alone', () =>
    withStore(
      { limits: { memoryLimitBytes: 32 * 1024 * 1024, maxTemporaryBytes: 1024 * 1024 } },
      async (store) => {
        const greedy = ask(store, 'SELECT list(range::VARCHAR) FROM range(20000000)');
        const failure = await greedy.catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: 'STORE_QUERY_FAILED' });
        // By these words a write knows that queries have taken its memory.
        expect(isOutOfMemory(failure)).toBe(true);
        await store.addDetections([{ timeMs: startMs, statement: 's', row: {} }]);
        expect(await ask(store, 'SELECT count(*) FROM detections')).toEqual([[1]]);
      },
    ));

  it('gives values as JavaScript has them', () =>
    withStore({ directory: newDirectory() }, async (store) => {
      const sql = `SELECT 9007199254740991, 9007199254740993, 1.5::DOUBLE, 1.25::DECIMAL(9, 2), true, NULL, 'a', '\\x00\\xFF'::BLOB,
        TIMESTAMP '2026-11-22 13:05:00.125', DATE '2026-11-22', [1, NULL], {'a': [2]}`;
      expect(await ask(store, sql)).toEqual([
        [
          ...[9007199254740991, 9007199254740993n, 1.5, 1.25, true, null, 'a', Buffer.of(0, 255)],
          ...['2026-11-22T13:05:00.125Z', '2026-11-22', [1, null], { a: [2] }],
        ],
      ]);
    }));
});
