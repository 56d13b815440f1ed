import { describe, expect, it } from 'vitest';
import { rejection, start } from '../start.ts';

const schemas = `create schema E(k string, n int); create schema A(k string, n int);
  create context P partition by k from E, k from A;`;

describe('stores in a context', () => {
  it('are there in each partition, for its statements alone', () => {
    const { runtime, given, errors } = start(
      `${schemas} context P create window W#keepall as E; context P create index I on W(n btree);
       context P insert into W select * from E;
       context P create table T(n int primary key, c count(*));
       context P into table T select count(*) as c from E group by n;
       @Name('sum') context P select sum(n) as s from W;
       @Name('on') context P on A as a select count(*) as c from W as w where w.n >= a.n;
       @Name('read') context P select T[n].c as c, (select max(n) from W) as m from A;
       @Name('merge') context P on A as a merge T as t where t.n = a.n when matched then delete;`,
      ['sum', 'on', 'read'],
    );
    for (const [k, n] of [
      ['a', 1],
      ['b', 1],
      ['a', 1],
      ['a', 5],
    ] as const)
      runtime.sendEvent('E', { k, n });
    runtime.sendEvent('A', { k: 'a', n: 1 });
    runtime.sendEvent('A', { k: 'b', n: 2 });
    runtime.sendEvent('A', { k: 'a', n: 1 });
    expect(errors).toEqual([]);
    expect(given.sum.flatMap(({ newRows }) => newRows)).toEqual([{ s: 1 }, { s: 1 }, { s: 2 }, { s: 7 }]);
    expect(given.on.flatMap(({ newRows }) => newRows)).toEqual([{ c: 3 }, { c: 0 }, { c: 3 }]);
    expect(given.read.flatMap(({ newRows }) => newRows)).toEqual([
      { c: 2, m: 5 },
      { c: null, m: 1 },
      { c: null, m: 5 },
    ]);
  });

  it('go with their partition', () => {
    const { runtime, deployment } = start(
      `create schema E(k string, n int); create schema Stop(k string);
       create context P initiated by E as e terminated by Stop(k = e.k);
       @Name('w') context P create window W#keepall as E; context P on E insert into W select *;`,
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    expect(deployment.statement('w')!.counters.retained).toBeGreaterThan(0);
    runtime.sendEvent('Stop', { k: 'a' });
    expect(deployment.statement('w')!.counters.retained).toBe(0);
    expect([...deployment.statement('w')!.rows()]).toEqual([]);
  });

  it('outside are seen from inside', () => {
    const { runtime, given } = start(
      `${schemas} create window W#keepall as E; insert into W select * from E;
       @Name('out') context P select n, (select count(*) from W) as c from A;`,
      ['out'],
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('A', { k: 'b', n: 2 });
    expect(given.out.flatMap(({ newRows }) => newRows)).toEqual([{ n: 2, c: 1 }]);
  });

  it('are seen from outside by on-demand queries only', () => {
    expect(rejection(`${schemas} context P create window W#keepall as E; select n from W`)).toBe(
      "each partition of the context 'P' has a named window 'W': begin the statement with 'context P'",
    );
    const { runtime } = start(
      `${schemas} context P create window W#keepall as E; context P insert into W select * from E;`,
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('E', { k: 'b', n: 2 });
    expect(runtime.query('select n from W')).toEqual([{ n: 1 }, { n: 2 }]);
  });
});
