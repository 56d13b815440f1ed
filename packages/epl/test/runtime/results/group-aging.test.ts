import { compile, explain } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../evaluate.ts';
import { start } from '../start.ts';

const schemas =
  'create schema E(k string, n int); create schema V(age double); create variable double aged = 10; on V set aged = age;';

/** The counts of `k` at these times, and how many groups are held in the end. */
function counts(hint: string, events: readonly (readonly [atMs: number, k: string])[]) {
  const { runtime, deployment, given } = start(
    `${schemas} @Hint('${hint}') @Name('s') select k, count(*) as c from E group by k`,
    ['s'],
  );
  for (const [atMs, k] of events) {
    runtime.advanceTime(atMs);
    runtime.sendEvent('E', { k, n: 1 });
  }
  return {
    rows: given.s.flatMap(({ newRows }) => newRows.map(({ c }) => c)),
    held: deployment.statement('s')!.counters.retained,
    runtime,
  };
}

describe('groups that nothing enters any more', () => {
  it('are given up, and counted no longer among what the statement holds', () => {
    const events = Array.from({ length: 100 }, (_, i) => [i * 1000, `k${i}`] as const);
    expect(counts('reclaim_group_aged=10,reclaim_group_freq=1', events).held).toBe(11);
    expect(counts('disable_reclaim_group', events).held).toBe(100);
  });

  it('begin anew', () => {
    const { rows } = counts('reclaim_group_aged=10', [
      [0, 'a'],
      [10_000, 'a'],
      [20_000, 'a'],
      [30_001, 'a'],
    ]);
    expect(rows).toEqual([1, 2, 3, 1]);
  });

  it('are looked for no more often than is asked', () => {
    const { rows } = counts('reclaim_group_aged=1, reclaim_group_freq=60', [
      [0, 'a'],
      [5000, 'b'],
      [6000, 'a'],
      [60_000, 'a'],
    ]);
    expect(rows).toEqual([1, 1, 2, 1]);
  });

  it('are as old as a variable says', () => {
    const { runtime, given } = start(
      `${schemas} @Hint('reclaim_group_aged=aged,reclaim_group_freq=1') @Name('s') select k, count(*) as c from E group by k`,
      ['s'],
    );
    const send = (atMs: number) => {
      runtime.advanceTime(atMs);
      runtime.sendEvent('E', { k: 'a', n: 1 });
    };
    send(0);
    send(9000);
    runtime.sendEvent('V', { age: 1 });
    send(12_000);
    runtime.sendEvent('V', { age: null });
    send(99_000);
    expect(given.s.flatMap(({ newRows }) => newRows.map(({ c }) => c))).toEqual([1, 2, 1, 2]);
  });

  it('are as old after a restart', () => {
    const text = `${schemas} @Hint('reclaim_group_aged=10') @Name('s') select k, count(*) as c from E group by k`;
    const before = start(text);
    before.runtime.sendEvent('E', { k: 'a', n: 1 });
    before.runtime.advanceTime(8000);
    before.runtime.sendEvent('E', { k: 'b', n: 1 });
    const after = start(text, ['s']);
    after.runtime.restore(before.runtime.snapshot());
    after.runtime.advanceTime(12_000);
    for (const k of ['a', 'b']) after.runtime.sendEvent('E', { k, n: 1 });
    expect(after.given.s.flatMap(({ newRows }) => newRows.map(({ c }) => c))).toEqual([1, 2]);
  });

  it('are explained', () => {
    const result = compile(
      `${schemas} @Hint('reclaim_group_aged=aged,reclaim_group_freq=5') select k, count(*) as c from E group by k`,
    );
    if (!result.ok) throw new Error(result.diagnostics[0].message);
    expect(explain(result.module)).toContain('groups older than aged (s) are given up, every 5 s at most');
  });

  it.each([
    ['abc', 'group by k', /is a number of seconds above 0, or a variable that holds one, not 'abc'/],
    ['-1', 'group by k', /not '-1'/],
    ['10', 'group by rollup(k)', /the groups of a rollup are not given up/],
  ])('aged %s with %s is refused', (aged, grouping, message) => {
    const text = `${schemas} @Hint('reclaim_group_aged=${aged}') select k, count(*) as c from E ${grouping}`;
    expect(refusal(text)).toMatch(message);
  });
});
