import { describe, expect, it } from 'vitest';
import { ask, newDirectory, startMs, withStore } from './scratch.ts';

describe('a store', () => {
  it('keeps detections over a restart and numbers them on', async () => {
    const directory = newDirectory();
    const detection = { timeMs: startMs, module: 'ssh.epl', statement: 'BruteForce' };
    await withStore({ directory }, (store) =>
      store.addDetections([{ ...detection, row: { count: 12n, source: '192.0.2.1' } }]),
    );
    await withStore({ directory }, async (store) => {
      await store.addDetections([{ ...detection, row: {} }]);
      expect(await ask(store, 'SELECT * FROM detections ORDER BY number')).toEqual([
        [1, '2026-11-22T13:05:00.000Z', 'ssh.epl', 'BruteForce', '{"count":"12","source":"192.0.2.1"}'],
        [2, '2026-11-22T13:05:00.000Z', 'ssh.epl', 'BruteForce', '{}'],
      ]);
    });
  });

  it('writes what comes in one burst with few commits', () =>
    withStore({}, async (store) => {
      const before = store.stats.commits;
      await Promise.all(
        Array.from({ length: 500 }, (_, i) =>
          store.addDetections([{ timeMs: startMs + i, statement: 's', row: { i } }]),
        ),
      );
      expect(await ask(store, 'SELECT count(*), max(number) FROM detections')).toEqual([[500, 500]]);
      expect(store.stats.commits - before).toBeLessThan(10);
    }));

  it('knows the archive without any flows', () =>
    withStore({}, async (store) => {
      expect(await ask(store, 'SELECT count(*), max(source) FROM flows')).toEqual([[0, null]]);
    }));
});

describe('queries of a store', () => {
  it.each([
    ['write', `INSERT INTO detections VALUES (1, now(), '', '', '{}')`],
    [
      'explain and write',
      `EXPLAIN ANALYZE INSERT INTO detections VALUES (1, now()::TIMESTAMP, '', '', '{}')`,
    ],
    ['are two', 'SELECT 1; SELECT 2'],
    ['set', 'SET threads = 8'],
    ['copy', `COPY (SELECT 1) TO '/tmp/flowpact-x.csv'`],
    ['attach', `ATTACH '/tmp/flowpact-other.duckdb'`],
    ['read other files', `SELECT * FROM read_text('/etc/passwd')`],
    ['list other files', `SELECT * FROM glob('/etc/*')`],
    ['take numbers', `SELECT nextval('detection_number')`],
    ['begin', 'COMMIT'],
  ])('that %s are refused', (_what, sql) =>
    withStore({}, async (store) => {
      await expect(ask(store, sql)).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
      expect(await ask(store, 'SELECT count(*) FROM detections')).toEqual([[0]]);
    }),
  );
});
