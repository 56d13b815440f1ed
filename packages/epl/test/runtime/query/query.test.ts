import { EplError } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { start } from '../start.ts';

const text = `create schema E(k string, n int);
  create window W#keepall as (k string, n int); insert into W select * from E;
  create table T(k string primary key, label string); create variable int v = 2;
  @Name('out') select irstream n from W;`;

function filled() {
  const started = start(text, ['out']);
  for (const [k, n] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    started.runtime.sendEvent('E', { k, n });
  started.runtime.query("insert into T values ('a', 'first'), ('b', 'second')");
  started.given.out.length = 0;
  return started;
}

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof EplError ? error.code : String(error);
  }
  return undefined;
};

describe('on-demand queries', () => {
  it.each([
    ['select * from W where n > v', [{ k: 'a', n: 3 }]],
    ['select k, sum(n) as s from W group by k having count(*) > 1', [{ k: 'a', s: 4 }]],
    ['select n from W order by n desc limit 2', [{ n: 3 }, { n: 2 }]],
    ['select distinct k from W', [{ k: 'a' }, { k: 'b' }]],
    ["select count(*) as c from W(k = 'a')", [{ c: 2 }]],
    ['select count(*) as c, max(n) as m from W where n > 9', [{ c: 0, m: null }]],
    ["select n, label from W as w, T as t where w.k = t.k and label = 'second'", [{ n: 2, label: 'second' }]],
    [
      'select t.k as k, count(*) as c from T as t left outer join W as w on t.k = w.k and n > 1 group by t.k',
      [
        { k: 'a', c: 1 },
        { k: 'b', c: 1 },
      ],
    ],
    ['select label from T where k in (select k from W where n = 2)', [{ label: 'second' }]],
    ["select T['b'].label as l, (select max(n) from W) as m from T where k = 'a'", [{ l: 'second', m: 3 }]],
    ['select a.n as x, b.n as y from W as a, W as b where a.n < b.n and a.k = b.k', [{ x: 1, y: 3 }]],
  ])('%s', (query, rows) => {
    expect(filled().runtime.query(query)).toEqual(rows);
  });

  it('inserts, updates and deletes, and readers of the named window are told', () => {
    const { runtime, given } = filled();
    expect(runtime.query('insert into W(n) select 7 as n')).toEqual([{ k: null, n: 7 }]);
    expect(runtime.query('insert into W select label as k, 8 as n from T')).toHaveLength(2);
    expect(runtime.query("update W set n = initial.n + 10, k = 'z' where n = 7")).toEqual([
      { k: 'z', n: 17 },
    ]);
    expect(runtime.query("delete from W where k != 'b'")).toHaveLength(5);
    expect(runtime.query('select k, n from W')).toEqual([{ k: 'b', n: 2 }]);
    expect(given.out.map(({ newRows, oldRows }) => [newRows.length, oldRows.length])).toEqual([
      [1, 0],
      [2, 0],
      [1, 1],
      [0, 5],
    ]);
  });

  it('on a table tell nothing of what they did', () => {
    const { runtime } = filled();
    expect(runtime.query("update T set label = 'x' where k = 'a'")).toEqual([]);
    expect(runtime.query("delete from T where label != 'x'")).toEqual([]);
    expect(runtime.query('select * from T')).toEqual([{ k: 'a', label: 'x' }]);
    expect(codeOf(() => runtime.query("insert into T values ('a', 'y')"))).toBe('EPL_DUPLICATE_KEY');
  });

  it('take values for parameters', () => {
    const { runtime } = filled();
    const byKey = runtime.prepare('select n from W where k = ? and n > ?::int order by n');
    expect(byKey.parameters).toEqual([undefined, undefined]);
    expect(byKey.run('a', 0)).toEqual([{ n: 1 }, { n: 3 }]);
    expect(byKey.run('a', 1n)).toEqual([{ n: 3 }]);
    expect(byKey.run('b', 0)).toEqual([{ n: 2 }]);
    expect(byKey.run(null, 0)).toEqual([]);
    const named = runtime.prepare('select n + ?:more:int as n from W where k = ?:key and n >= ?:more');
    expect(named.parameters).toEqual(['more', 'key']);
    expect(named.run(2, 'a')).toEqual([{ n: 5 }]);
    expect(codeOf(() => named.run(2))).toBe('EPL_USAGE');
    expect(codeOf(() => start('create schema E(a int); select a from E(a = ?)'))).toContain(
      'prepared queries only',
    );
  });

  it('are run when a listener asks, over what is there then', () => {
    const { runtime, deployment } = filled();
    const seen: unknown[] = [];
    let asked = false;
    deployment.statement('out')!.addListener(() => {
      if (asked) return;
      asked = true;
      seen.push(
        runtime.query('select count(*) as c from W'),
        runtime.query("delete from W where k = 'a'").length,
      );
    });
    runtime.sendEvent('E', { k: 'c', n: 4 });
    expect(seen).toEqual([[{ c: 4 }], 2]);
    expect(runtime.query('select k from W')).toEqual([{ k: 'b' }, { k: 'c' }]);
  });

  it.each([
    ['select n from E', 'EPL_VALUE'],
    ['select n from Nothing', 'EPL_UNKNOWN_EVENT_TYPE'],
    ['select x from W', 'EPL_UNKNOWN_PROPERTY'],
    ['select n from W output every 1 sec', 'EPL_USAGE'],
    ['create schema X(a int)', 'EPL_USAGE'],
    ['select from', 'EPL_SYNTAX'],
    ['select n from W; select n from W', 'EPL_SYNTAX'],
    ["insert into W values ('a')", 'EPL_VALUE'],
    ["insert into W values ('a', 'b')", 'EPL_TYPE'],
    ['select n from pattern [every E]', 'EPL_USAGE'],
  ])('refuse %s', (query, code) => {
    expect(codeOf(() => filled().runtime.query(query))).toBe(code);
  });

  it('end with the module that their store belongs to', () => {
    const { runtime, deployment } = filled();
    const prepared = runtime.prepare('select n from W');
    runtime.undeploy(deployment);
    expect(codeOf(() => prepared.run())).toBe('EPL_USAGE');
    expect(codeOf(() => runtime.query('select n from W'))).toBe('EPL_UNKNOWN_EVENT_TYPE');
  });
});
