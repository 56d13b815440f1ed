import { describe, expect, it } from 'vitest';
import { rejection, start } from '../start.ts';

const schemas = 'create schema E(k string, g int, n int); create schema Ask(k string, g int);';

describe('a table', () => {
  it('holds aggregates of every kind', () => {
    const { runtime, deployment, errors } = start(
      `${schemas} @Name('t') create table T(k string primary key, s sum(int), a avg(int), c count(*), d count(distinct int),
         f count(*, boolean), hi max(int), lo minever(int), late lastever(int), med median(int),
         w window(*) @type(E), srt sorted(n desc) @type(E), top maxby(n) @type(E), x window(int));
       into table T select sum(n) as s, avg(n) as a, count(*) as c, count(distinct n) as d, count(*, n > 1) as f,
         max(n) as hi, minever(n) as lo, lastever(n) as late, median(n) as med, window(*) as w, sorted() as srt,
         maxby() as top, window(n) as x from E#length(3) group by k;`,
    );
    for (const n of [1, 5, 3, 3]) runtime.sendEvent('E', { k: 'a', n });
    expect(errors).toEqual([]);
    const event = (n: number) => ({ k: 'a', g: null, n });
    expect([...deployment.statement('t')!.rows()]).toEqual([
      {
        k: 'a',
        s: 11,
        a: 11 / 3,
        c: 3,
        d: 2,
        f: 3,
        hi: 5,
        lo: 1,
        late: 3,
        med: 3,
        w: [event(5), event(3), event(3)],
        srt: [event(5), event(3), event(3)],
        top: event(5),
        x: [5, 3, 3],
      },
    ]);
  });

  it('gives the values of a row by its key, null as a key like any other', () => {
    const { runtime, given } = start(
      `${schemas} create table T(k string primary key, g int primary key, c count(*));
       into table T select count(*) as c from E group by k, g;
       @Name('out') select T[k, g].c as c, T[k, g] as row, T.keys() as keys from Ask;`,
      ['out'],
    );
    runtime.sendEvent('E', { k: 'a', g: 1, n: 1 });
    runtime.sendEvent('E', { g: 1, n: 1 });
    runtime.sendEvent('E', { g: 1, n: 1 });
    runtime.sendEvent('Ask', { k: null, g: 1 });
    runtime.sendEvent('Ask', { k: 'b', g: 1 });
    const keys = [
      ['a', 1],
      [null, 1],
    ];
    expect(given.out.map(({ newRows }) => newRows[0])).toEqual([
      { c: 2, row: { k: null, g: 1, c: 2 }, keys },
      { c: null, row: {}, keys },
    ]);
  });

  it('gives copies: what is given does not change any more', () => {
    const { runtime, given } = start(
      `${schemas} create table T(k string primary key, s sum(int));
       into table T select sum(n) as s from E group by k;
       @Name('join') select t.* from Ask as a, T as t where t.k = a.k;
       @Name('both') select * from Ask as a, T as t where t.k = a.k;
       @Name('sub') select (select * from T as t where t.k = Ask.k) as row, T[k] as mine from Ask;`,
      ['join', 'both', 'sub'],
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('Ask', { k: 'a' });
    runtime.sendEvent('E', { k: 'a', n: 1 });
    const row = { k: 'a', s: 1 };
    expect(given.join[0].newRows).toEqual([row]);
    expect(given.both[0].newRows).toEqual([{ a: { k: 'a', g: null }, t: row }]);
    expect(given.sub[0].newRows).toEqual([{ row, mine: row }]);
  });

  it('may be joined by what its aggregates are now', () => {
    const { runtime, given } = start(
      `${schemas} create table T(k string primary key, c count(*));
       into table T select count(*) as c from E group by k;
       @Name('out') select t.k as k from Ask as a, T as t where t.c = a.g;`,
      ['out'],
    );
    for (const k of ['a', 'b', 'a']) runtime.sendEvent('E', { k, n: 1 });
    runtime.sendEvent('Ask', { g: 2 });
    runtime.sendEvent('Ask', { g: 1 });
    expect(given.out.map(({ newRows }) => newRows)).toEqual([[{ k: 'a' }], [{ k: 'b' }]]);
  });

  it('starts a deleted row afresh; what entered the old one leaves nothing', () => {
    const { runtime, deployment } = start(
      `${schemas} @Name('t') create table T(k string primary key, s sum(int), c count(*));
       into table T select sum(n) as s, count(*) as c from E#length(2) group by k;
       on Ask as a delete from T as t where t.k = a.k;`,
    );
    runtime.sendEvent('E', { k: 'a', n: 1 });
    runtime.sendEvent('E', { k: 'a', n: 2 });
    runtime.sendEvent('Ask', { k: 'a' });
    runtime.sendEvent('E', { k: 'b', n: 3 });
    runtime.sendEvent('E', { k: 'b', n: 4 });
    expect([...deployment.statement('t')!.rows()]).toEqual([
      { k: 'b', s: 7, c: 2 },
      { k: 'a', s: null, c: 0 },
    ]);
  });

  it('refuses a second row of a key, also where a row takes the key of another', () => {
    const { runtime, deployment, errors } = start(
      `${schemas} @Name('t') create table T(k string primary key, n int); insert into T select k, n from E;
       on Ask as a update T as t set k = 'b' where t.k = a.k;`,
    );
    for (const k of ['a', 'b', 'a']) runtime.sendEvent('E', { k, n: 1 });
    runtime.sendEvent('Ask', { k: 'a' });
    expect(errors).toEqual([
      "EPL_DUPLICATE_KEY: the primary key of 'T' has a row with the key 'a' already",
      "EPL_DUPLICATE_KEY: the primary key of 'T' has a row with the key 'b' already",
    ]);
    expect(runtime.query("select n from T where k = 'a'")).toEqual([{ n: 1 }]);
    expect(deployment.statement('t')!.counters.retained).toBe(2);
  });

  it('counts its rows against the limit of its own statement', () => {
    const { runtime, deployment, errors } = start(
      `${schemas} @Name('t') create table T(k string primary key, c count(*));
       into table T select count(*) as c from E group by k;`,
      [],
      { limits: { maxRetained: 2 } },
    );
    for (const k of ['a', 'b', 'c', 'a']) runtime.sendEvent('E', { k, n: 1 });
    expect(errors[0]).toContain("the statement 't");
    expect([...deployment.statement('t')!.rows()]).toEqual([
      { k: 'a', c: 2 },
      { k: 'b', c: 1 },
    ]);
  });

  const t = 'create table T(k string primary key, s sum(int), m max(int), n int);';
  it.each([
    [
      `${t} into table T select sum(n) as s from E`,
      "the table 'T' has the primary key k: the statement needs a group-by of 1 expressions, not 0",
    ],
    [
      `${t} into table T select sum(n) as s from E group by g`,
      "the type of the primary key 'k' of 'T' is string, but the group-by expression is int",
    ],
    [
      `${t} into table T select avg(n) as s from E group by k`,
      "'s' of the table 'T' holds sum(int): avg(n) cannot go into it",
    ],
    [`${t} into table T select sum(n) as z from E group by k`, "the table 'T' has no column 'z'"],
    [
      `${t} into table T select sum(n) as n from E group by k`,
      "'n' of the table 'T' is int and holds no aggregation: sum(n) cannot go into it",
    ],
    [
      `${t} into table T select sum(n) + 1 as s from E group by k`,
      "'into table' takes aggregates as they are: 's' computes with one",
    ],
    [
      `${t} into table T select max(n) as m from E group by k`,
      "'m' of the table 'T' holds max(int), which needs a data window in the statement that feeds it (or its form with 'ever'): max(n) cannot go into it",
    ],
    [`${t} select T[1, 2].s from E`, "the table 'T' has the primary key k: write T[k]"],
    [`${t} select T[g].s from E`, "cannot look up the primary key 'k' of 'T' by g (int)"],
    [`${t} select T[k].z from E`, "the table 'T' has no column 'z'"],
    [`${t} select k from T#length(2)`, "the table 'T' takes no data window: it keeps its rows itself"],
    [`${t} insert into T select k, n as s from E`, "the event type 'T' has no column 's'"],
    [
      `${t} create index I on T(s)`,
      'a column that holds an aggregation changes all the time: no index can hold it',
    ],
    ['create table T(k sum(int) primary key)', "an aggregation cannot be the primary key: 'k'"],
    ['create table T(k string, k int)', "the column 'k' is declared twice"],
    ['create table T(s total(int))', "unknown function 'total'"],
  ])('refuses %s', (text, message) => {
    expect(rejection(`${schemas} ${text}`)).toBe(message);
  });
});
