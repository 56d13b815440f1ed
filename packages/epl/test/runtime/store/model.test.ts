import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rejection, start } from '../start.ts';

/** What happens to the store. */
type Work =
  | { readonly kind: 'Put'; readonly k: string; readonly n: number }
  | { readonly kind: 'Add'; readonly k: string; readonly n: number }
  | { readonly kind: 'Drop'; readonly k: string; readonly n: number }
  | { readonly kind: 'Merge'; readonly k: string; readonly n: number };

const works = fc.array(
  fc.record({
    kind: fc.constantFrom('Put', 'Add', 'Drop', 'Merge'),
    k: fc.constantFrom('a', 'b', 'c'),
    n: fc.integer({ min: 0, max: 9 }),
  }) as fc.Arbitrary<Work>,
  { maxLength: 60 },
);

const schemas = `create schema Put(k string, n int); create schema Add(k string, n int);
  create schema Drop(k string, n int); create schema Merge(k string, n int);`;

const triggers = (insert: string) => `
  ${insert}
  on Add as e update S as s set n = s.n + e.n where s.k = e.k;
  on Drop as e delete from S as s where s.k = e.k and s.n >= e.n;
  on Merge as e merge S as s where s.k = e.k
    when matched and e.n = 0 then delete
    when matched then update set n = initial.n * 2
    when not matched then insert select e.k as k, e.n as n;`;

interface Row {
  readonly k: string;
  n: number;
}

/** The same on a plain list. `unique`: a key once, a second row is refused. */
function model(list: readonly Work[], unique: boolean): Row[] {
  let rows: Row[] = [];
  for (const { kind, k, n } of list) {
    const found = rows.filter((row) => row.k === k);
    switch (kind) {
      case 'Put':
        if (!unique || found.length === 0) rows.push({ k, n });
        break;
      case 'Add':
        for (const row of found) row.n += n;
        break;
      case 'Drop':
        rows = rows.filter((row) => row.k !== k || row.n < n);
        break;
      case 'Merge':
        if (found.length === 0) rows.push({ k, n });
        else if (n === 0) rows = rows.filter((row) => row.k !== k);
        else for (const row of found) row.n *= 2;
        break;
      default:
        kind satisfies never;
    }
  }
  return rows;
}

const sorted = (rows: Iterable<unknown>) => [...rows].map((row) => JSON.stringify(row)).sort();

function run(text: string, list: readonly Work[], listened: readonly string[] = []) {
  const started = start(schemas + text, listened);
  for (const { kind, k, n } of list) started.runtime.sendEvent(kind, { k, n });
  return started;
}

const follow = `@Name('sum') select k, sum(n) as s, count(*) as c from S group by k;`;

describe('a store under random work', () => {
  const window = `@Name('s') create window S#keepall as (k string, n int); create index byN on S(n btree);
    ${triggers('insert into S select k, n from Put;')} ${follow}`;
  const table = `@Name('s') create table S(k string primary key, n int); create index byN on S(n btree);
    ${triggers('insert into S select k, n from Put;')}`;

  it('a named window holds what a plain list holds, and its readers follow', () => {
    fc.assert(
      fc.property(works, (list) => {
        const { deployment, given } = run(window, list, ['sum']);
        const expected = model(list, false);
        expect(sorted(deployment.statement('s')!.rows())).toEqual(sorted(expected));
        const latest = new Map<unknown, object>();
        for (const { newRows } of given.sum) for (const { k, s, c } of newRows) latest.set(k, { s, c });
        for (const k of ['a', 'b', 'c']) {
          const mine = expected.filter((row) => row.k === k);
          const total = mine.length === 0 ? null : mine.reduce((sum, { n }) => sum + n, 0);
          expect(latest.get(k) ?? { s: null, c: 0 }).toEqual({ s: total, c: mine.length });
        }
      }),
    );
  });

  it('a table holds what a plain list with unique keys holds', () => {
    fc.assert(
      fc.property(works, (list) => {
        const { deployment, errors } = run(table, list);
        expect(sorted(deployment.statement('s')!.rows())).toEqual(sorted(model(list, true)));
        expect(errors.every((error) => error.startsWith('EPL_DUPLICATE_KEY'))).toBe(true);
      }),
    );
  });

  it('queries that an index serves give what looking at all rows gives', () => {
    const bounds = fc.tuple(fc.integer({ min: -1, max: 20 }), fc.integer({ min: -1, max: 20 }));
    const conditions = [
      "k = 'a'",
      "'b' = k and n > 3",
      'n = LO',
      'n between LO and HI',
      'n in (LO:HI]',
      'not n between LO and HI',
      'n >= LO and HI > n',
      'LO < n',
      'n <= LO and n >= 2',
      'n != LO',
      "k = 'c' or n = LO",
    ];
    fc.assert(
      fc.property(works, bounds, fc.constantFrom(...conditions), (list, [low, high], condition) => {
        for (const text of [window, table]) {
          const { runtime } = run(text, list);
          const where = condition
            .replaceAll('LO', String(low))
            .replaceAll('HI', String(high))
            .replace('-', '0-');
          const indexed = runtime.query(`select k, n from S where ${where}`);
          // Arithmetic on the condition keeps every index out.
          const scanned = runtime.query(
            `select k, n from S where (case when ${where} then true else false end)`,
          );
          expect(sorted(indexed)).toEqual(sorted(scanned));
        }
      }),
    );
  });
});

describe('names of stores', () => {
  it.each([
    ['create window W#keepall as (a int); create table W(a int)', "the named window 'W' exists already"],
    ['create schema W(a int); create window W#keepall as (a int)', "the event type 'W' exists already"],
    ['create table T(a int); create schema T(a int)', "the table 'T' exists already"],
    ['create window W#keepall as (a int, a string)', "the column 'a' is declared twice"],
    ['create schema E(a int); on E delete from E', "'E' is a stream, no named window or table"],
    [
      'create schema E(a int); create window Win#keepall as (a int); on E delete from Wni',
      "unknown named window or table 'Wni'",
    ],
    ['create table T(a int); on T select a from T', "the table 'T' triggers nothing: name a stream"],
    [
      'create window W#keepall as (a int); create index I on W(a); create index I on W(a)',
      "duplicate index name: 'W' has an index 'I' already",
    ],
  ])('%s', (text, message) => {
    expect(rejection(text)).toBe(message);
  });
});
