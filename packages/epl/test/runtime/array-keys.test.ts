import { describe, expect, it } from 'vitest';
import { refusal } from '../evaluate.ts';
import { start } from './start.ts';

const schemas = `create schema Part(id string, n int); create schema E(tags string[], parts Part[], part Part, n int);`;

/** What the statement gave for these events. */
function given(statements: string, events: readonly Record<string, unknown>[]) {
  const { runtime, given: all, errors } = start(`${schemas} ${statements}`, ['s']);
  for (const event of events) runtime.sendEvent('E', event);
  expect(errors).toEqual([]);
  return all.s.flatMap(({ newRows }) => newRows);
}

const twice = [
  { tags: ['a', 'b'], n: 1 },
  { tags: ['a', 'b'], n: 2 },
  { tags: ['a,b'], n: 4 },
];

describe('arrays as keys', () => {
  it.each([
    ["@Name('s') select tags, tags[0] as t, sum(n) as s from E group by tags", [1, 3, 4]],
    [
      "create context C partition by tags from E; @Name('s') context C select sum(n) as s, context.key1 as tags from E",
      [1, 3, 4],
    ],
    ["@Name('s') select sum(n, group_by: tags) as s, tags from E#keepall", [1, 3, 4]],
    [
      "create table T(tags string[] primary key, s sum(int)); into table T select sum(n) as s from E group by tags; @Name('s') select T[tags].s as s, tags from E#keepall",
      [1, 3, 4],
    ],
  ])('are equal by what they hold: %s', (statement, sums) => {
    const rows = given(statement, twice);
    expect(rows.map(({ s }) => s)).toEqual(sums);
    expect(rows.map(({ tags }) => tags)).toEqual(twice.map(({ tags }) => tags));
  });

  it('tell apart the events of a window, and so do events', () => {
    const parts = [{ id: 'x', n: 1 }];
    const events = [
      { parts, part: parts[0], n: 1 },
      { parts: [{ ...parts[0] }], part: { ...parts[0] }, n: 2 },
      { parts: [{ id: 'y', n: 1 }], part: null, n: 3 },
    ];
    const { runtime, deployment } = start(`${schemas}
      @Name('a') select n from E#unique(parts); @Name('b') select n from E#unique(part);`);
    for (const event of events) runtime.sendEvent('E', event);
    for (const name of ['a', 'b'])
      expect([...deployment.statement(name)!.rows()].map(({ n }) => n)).toEqual([2, 3]);
  });

  it('are keys of partitions that are chosen by them', () => {
    const { runtime } = start(`${schemas} create context C partition by tags from E;
      context C create window W#keepall as E; context C insert into W select * from E;`);
    for (const event of twice) runtime.sendEvent('E', event);
    const seen: unknown[] = [];
    const chosen = { keys: [[['a', 'b']]] };
    expect(runtime.query('select sum(n) as s from W', { partitions: chosen })).toEqual([{ s: 3 }]);
    runtime.query('select n from W', { partitions: ({ properties }) => seen.push(properties.key1) > 0 });
    expect(seen).toEqual([['a', 'b'], ['a,b']]);
  });

  it('have their own rows in a table and a unique index', () => {
    const { runtime, errors } = start(`${schemas} create table T(tags string[] primary key, n int);
      create window W#keepall as E; create unique index I on W(tags);
      insert into T select tags, n from E; insert into W select * from E;`);
    for (const event of twice) runtime.sendEvent('E', event);
    expect(errors).toHaveLength(2);
    expect(runtime.query('select n from T')).toEqual([{ n: 1 }, { n: 4 }]);
    expect(runtime.query('select n from W')).toEqual([{ n: 1 }, { n: 4 }]);
  });

  it.each([
    ['select n from E group by part', /group-by: an event is no key of a group/],
    ['select n from E#groupwin(tags)#size', /derived numbers tell of simple keys only/],
    ['select n from E#sort(2, tags)', /cannot put arrays and events in order/],
  ])('%s is refused', (statement, message) => {
    expect(refusal(`${schemas} ${statement}`)).toMatch(message);
  });
});
