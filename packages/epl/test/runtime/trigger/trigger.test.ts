import { compile, createRuntime, evidenceOf, explain } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { rejection, start } from '../start.ts';

const schemas = `create schema E(k string, n int); create schema A(k string, n int);
  create window W#keepall as (k string, n int, tags int[]); insert into W select k, n, {n, n} as tags from E;`;

function filled(text: string, listened: readonly string[]) {
  const started = start(`${schemas} ${text}`, listened);
  for (const [k, n] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ] as const)
    started.runtime.sendEvent('E', { k, n });
  for (const name of listened) started.given[name].length = 0;
  return started;
}

describe('triggers on the rows of a store', () => {
  it('select over pairs, the row first', () => {
    const { runtime, given } = filled(
      `@Name('all') on A as a select * from W as w where w.k = a.k and w.n < a.n;
       @Name('own') on A as a select w.* from W as w where w.k = a.k order by w.n desc limit 1;
       @Name('into') on A as a insert into Out select w.k as k, sum(w.n) as s, a.n as asked from W as w group by w.k;
       @Name('out') select * from Out;`,
      ['all', 'own', 'into', 'out'],
    );
    runtime.sendEvent('A', { k: 'a', n: 2 });
    expect(given.all[0].newRows).toEqual([{ w: { k: 'a', n: 1, tags: [1, 1] }, a: { k: 'a', n: 2 } }]);
    expect(given.own[0].newRows).toEqual([{ k: 'a', n: 3, tags: [3, 3] }]);
    expect(given.out.map(({ newRows }) => newRows[0]).slice(0, 1)).toEqual([{ k: 'a', s: 4, asked: 2 }]);
  });

  it('update elements of arrays without touching the row before', () => {
    const { runtime, given } = filled(
      `@Name('up') on A as a update W as w set tags[0] = a.n, n = w.tags[0] + initial.n where w.k = 'b';
       @Name('bad') on A as a update W as w set tags[a.n] = 0 where w.k = 'b';`,
      ['up'],
    );
    runtime.sendEvent('A', { k: 'a', n: 9 });
    expect(given.up).toEqual([
      { newRows: [{ k: 'b', n: 11, tags: [9, 2] }], oldRows: [{ k: 'b', n: 2, tags: [2, 2] }] },
    ]);
  });

  it('merge: each row through the first branch that holds, inserts into streams as they come', () => {
    const { runtime, given } = filled(
      `@Name('m') on A as a merge W as w where w.k = a.k
         when matched and w.n > a.n then insert into Log select 'big' as what, w.n as n then delete
         when matched then update set n = w.n + 1 where a.n > 0 then insert into Log select 'grown' as what, w.n as n
         when not matched and a.n > 5 then insert(k, n) select a.k, a.n
         when not matched then insert into Log select 'none' as what, n as n;
       @Name('log') select * from Log; @Name('w') select irstream k, n from W;`,
      ['m', 'log', 'w'],
    );
    runtime.sendEvent('A', { k: 'a', n: 2 });
    expect(given.m).toEqual([
      {
        newRows: [{ k: 'a', n: 2, tags: [1, 1] }],
        oldRows: [
          { k: 'a', n: 1, tags: [1, 1] },
          { k: 'a', n: 3, tags: [3, 3] },
        ],
      },
    ]);
    expect(given.log.map(({ newRows }) => newRows[0])).toEqual([
      { what: 'grown', n: 2 },
      { what: 'big', n: 3 },
    ]);
    expect(given.w).toHaveLength(1);
    runtime.sendEvent('A', { k: 'z', n: 6 });
    runtime.sendEvent('A', { k: 'y', n: 1 });
    expect(given.m[1]).toEqual({ newRows: [{ k: 'z', n: 6, tags: null }], oldRows: [] });
    expect(given.log[2].newRows).toEqual([{ what: 'none', n: 1 }]);
  });

  it('ask subqueries, and fire for each match of a pattern with one delivery', () => {
    const { runtime, given } = filled(
      `@Name('sub') on A(n in (select n from W)) as a delete from W as w where w.n = (select max(n) from W);
       @Name('pattern') on pattern [every e=E -> a=A(k = e.k)] as p select w.n as n, e.n as e from W as w where w.k = 'b';
       create variable int top = 0; on A set top = (select max(n) from W);`,
      ['sub', 'pattern'],
    );
    runtime.sendEvent('A', { k: 'a', n: 2 });
    expect(given.sub.map(({ newRows }) => newRows)).toEqual([[{ k: 'a', n: 3, tags: [3, 3] }]]);
    expect(given.pattern).toEqual([
      {
        newRows: [
          { n: 2, e: 1 },
          { n: 2, e: 3 },
        ],
        oldRows: [],
      },
    ]);
  });

  it('look rows up by indexes', () => {
    const result = compile(`${schemas}
      @Name('equal') on A as a delete from W as w where w.k = a.k and w.n > a.n;
      @Name('range') on A as a update W as w set n = 0 where w.n between a.n and 9;
      @Name('scan') on A as a merge W as w where w.n != a.n when matched then delete where a.n = 1
        when not matched then insert select a.k as k;
      @Name('always') on A as a merge W insert select a.k as k;
      @Name('sel') on A as a select and delete w.k as k from W as w where w.n >= a.n and w.n < 5`);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    expect(explain(result.module)).toMatchSnapshot();
  });

  it('split a stream into named windows and tables', () => {
    const { runtime, deployment, errors } = start(
      `${schemas} @Name('t') create table T(k string primary key, n int, c count(*));
       on A insert into T select k, n where n > 1 insert into W select k, n output all;`,
    );
    runtime.sendEvent('A', { k: 'a', n: 2 });
    runtime.sendEvent('A', { k: 'a', n: 3 });
    expect([...deployment.statement('t')!.rows()]).toEqual([{ k: 'a', n: 2, c: 0 }]);
    expect(errors).toEqual([expect.stringContaining('EPL_DUPLICATE_KEY')]);
    expect(runtime.query('select n, tags from W')).toEqual([{ n: 2, tags: null }]);
  });

  it('find a row by its key alone, whatever else is asked of it', () => {
    const result = compile(`${schemas} create table T(k string primary key, n int primary key, x int);
      @Name('t') on A as a delete from T as t where t.x = a.n and t.n = a.n and t.k = a.k;
      create unique index I on W(k); @Name('w') on A as a delete from W as w where w.n = a.n and w.k = a.k;`);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const text = explain(result.module);
    expect(text).toContain('rows of T by index T.k = a.k and T.n = a.n\n    test (T.x = a.n)');
    expect(text).toContain('rows of W by index W.k = a.k\n    test (W.n = a.n)');
  });

  it('hand on the evidence of what they make rows of', () => {
    const result = compile(
      `${schemas} create schema Log(k string); @Name('merge') on A as a merge W as w where w.k = a.k
         when matched then insert into Log select w.k as k then update set n = a.n;
       @Name('log') select k from Log; @Name('w') select n from W; @Name('s') on A as a select w.n as n from W as w;`,
      { evidence: ({ name }) => (['log', 'w', 's'].includes(name) ? 5 : 0) },
    );
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    const runtime = createRuntime();
    const deployment = runtime.deploy(result.module);
    const evidence: unknown[] = [];
    for (const name of ['log', 'w', 's'])
      deployment
        .statement(name)!
        .addListener(({ newRows }) => evidence.push([name, newRows.flatMap(evidenceOf)]));
    const e = { k: 'a', n: 1 };
    const a = { k: 'a', n: 2 };
    runtime.sendEvent('E', e);
    runtime.sendEvent('A', a);
    expect(evidence).toEqual([
      ['w', [e]],
      ['s', [e, a]],
      ['w', [e, a]],
      ['log', [e, a]],
    ]);
  });

  it.each([
    [
      'on A delete from W where k = k',
      "'k' is a property of several streams (W and A): write the name of the stream before it",
    ],
    ["on A update W set n = 'x'", "the column 'n' of 'W' is int, not string"],
    ['on A update W set x = 1', "unknown column 'x' of 'W'"],
    ['on A update W set tags[0] = true', "the column 'tags' of 'W' is int, not boolean"],
    ['on A update W set n[0] = 1', "'n' (int) is no array and has no elements"],
    [
      'on A as a merge W as w where w.k = a.k when not matched then insert select w.k as k',
      "unknown property 'w.k' of , a",
    ],
    ['insert into W values (1)', 'an on-demand query is no statement of a module: run it with runtime.query'],
  ])('refuse %s', (text, message) => {
    expect(rejection(`${schemas} ${text}`)).toBe(message);
  });
});
