import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommitQueue, isDiskFailure } from '../../src/database/commit-queue.ts';
import type { StoreError } from '../../src/index.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run('CREATE TABLE numbers (n INTEGER NOT NULL)');
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

function newQueue(limits = { maxSteps: 100, maxBytes: 1000 }) {
  const failures: StoreError[] = [];
  const queue = createCommitQueue(limits, {
    writer: async () => connection,
    onFailure: (error) => failures.push(error),
  });
  return { queue, failures };
}

const insert = (n: number | null) => async (to: DuckDBConnection) => {
  await to.run(`INSERT INTO numbers VALUES (${n})`);
  return n;
};

const numbers = async () => {
  const reader = await connection.runAndReadAll('SELECT n FROM numbers ORDER BY n');
  await connection.run('DELETE FROM numbers');
  return reader.getRowsJS().flat();
};

describe('a queue of commits', () => {
  it('commits together what comes together, and gives each its result', async () => {
    const { queue } = newQueue();
    expect(await Promise.all([1, 2, 3].map((n) => queue.add(1, insert(n))))).toEqual([1, 2, 3]);
    expect(queue.commits).toBe(1);
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('fails the step that is to blame, and no other', async () => {
    const { queue, failures } = newQueue();
    const results = await Promise.allSettled([1, null, 3].map((n) => queue.add(1, insert(n))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(failures.map(({ code }) => code)).toEqual(['STORE_WRITE_FAILED']);
    expect(queue.failures).toBe(1);
    expect(await numbers()).toEqual([1, 3]);
  });

  it('does not try one by one what a disk refuses', async () => {
    const { queue } = newQueue();
    let runs = 0;
    const refused = async () => {
      runs++;
      throw new Error('IO Error: Could not write file "x": No space left on device');
    };
    const results = await Promise.allSettled([1, 2, 3].map(() => queue.add(1, refused)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(runs).toBe(1);
    expect(await queue.add(1, insert(4))).toBe(4);
    expect(await numbers()).toEqual([4]);
  });

  it('holds no more than its limits, and has room again afterwards', async () => {
    const { queue } = newQueue({ maxSteps: 2, maxBytes: 10 });
    const results = await Promise.allSettled([
      queue.add(6, insert(1)),
      queue.add(5, insert(2)), // too many bytes
      queue.add(4, insert(3)),
      queue.add(0, insert(4)), // too many steps
    ]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'STORE_FULL' } },
      { status: 'fulfilled' },
      { reason: { code: 'STORE_FULL' } },
    ]);
    const held = queue.reserve(10);
    expect(() => queue.reserve(1)).toThrow('wait for the disk');
    held.release();
    expect(await queue.add(10, insert(5))).toBe(5);
    await queue.settled();
    expect(await numbers()).toEqual([1, 3, 5]);
  });

  it.each([
    ['IO Error: Could not write file', true],
    [
      'TransactionContext Error: Failed to commit: Could not write file "x.wal": No space left on device',
      true,
    ],
    ['FATAL Error: Failed: database has been invalidated because of a previous fatal error', true],
    ['Constraint Error: NOT NULL constraint failed', false],
    ['Out of Memory Error: failed to allocate', false],
  ])('knows the disk by DuckDB’s words: %s', (message, expected) => {
    expect(isDiskFailure(new Error(message))).toBe(expected);
  });
});
