import { compile, createRuntime, evidenceOf, explain, type Row } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { refusal } from '../evaluate.ts';
import { newRows, run } from '../run.ts';
import { start } from './start.ts';

const schema = `create schema Review(stars int, author string);
  create schema Book(title string, price double, reviews Review[]);
  create schema Shelf(room string, books Book[], best Book, tags string[], loose map[]);
  create schema Tag(value string);`;

const shelf = {
  room: 'r1',
  books: [
    {
      title: 'a',
      price: 5,
      reviews: [
        { stars: 3, author: 'x' },
        { stars: 5, author: 'y' },
      ],
    },
    { title: 'b', price: 9, reviews: [{ stars: 1 }] },
    { title: 'c', price: 1 },
  ],
  best: { title: 'a' },
  tags: ['t1', 't2'],
  loose: [{ title: 'l' }],
};

describe('contained events', () => {
  it.each([
    ['select title from Shelf[books where price > 4]', [{ title: 'a' }, { title: 'b' }]],
    ['select title from Shelf(room = "r2")[books]', []],
    ['select stars from Shelf[books][reviews where stars > 2]', [{ stars: 3 }, { stars: 5 }]],
    ['select title from Shelf[best]', [{ title: 'a' }]],
    ['select value from Shelf[tags @type(Tag)]', [{ value: 't1' }, { value: 't2' }]],
    ['select title, price from Shelf[loose @type(Book)]', [{ title: 'l', price: null }]],
    [
      'select * from Shelf[select room, title from books][select stars as s, title || author as who from reviews where price < 6]',
      [
        { room: 'r1', title: 'a', s: 3, who: 'ax' },
        { room: 'r1', title: 'a', s: 5, who: 'ay' },
      ],
    ],
    [
      'select * from Shelf[select Shelf.room as room from books as b][select b.title as title, r.stars as stars from reviews as r]',
      [
        { room: 'r1', title: 'a', stars: 3 },
        { room: 'r1', title: 'a', stars: 5 },
        { room: 'r1', title: 'b', stars: 1 },
      ],
    ],
    ['select title from Shelf[books.where(b => b.price > 4)]', [{ title: 'a' }, { title: 'b' }]],
    ['select count(*) as n from Shelf[books]#keepall', [{ n: 3 }]],
    ['select prior(1, title) as p from Shelf[books]', [{ p: null }, { p: 'a' }, { p: 'b' }]],
  ])('%s', (statement, expected) => {
    expect(newRows(`${schema} @Name('s') ${statement}`, [['Shelf', shelf]])).toEqual(expected);
  });

  it('enter a window together', () => {
    const [first, second] = run(`${schema} @Name('s') select irstream title from Shelf[books]#length(2)`, [
      ['Shelf', shelf],
      ['Shelf', { books: [] }],
    ]);
    expect(first).toEqual([{ new: [{ title: 'a' }, { title: 'b' }, { title: 'c' }], old: [{ title: 'a' }] }]);
    expect(second).toEqual([{ new: [], old: [] }]);
  });

  it('fill a batch together', () => {
    const [calls] = run(`${schema} @Name('s') select title from Shelf[books]#time_length_batch(1 sec, 2)`, [
      ['Shelf', shelf],
    ]);
    expect(calls.map((call) => call.new.length)).toEqual([3]);
  });

  it('run triggers and branches of a split', () => {
    const set = `create variable double top = 0; @Name('s') on Shelf[books] as b set top = b.price`;
    expect(newRows(`${schema} ${set}`, [['Shelf', shelf]])).toEqual([{ top: 1 }]);
    const split = `on Shelf insert into Cheap select title from [books] where price < 6; @Name('s') select * from Cheap`;
    expect(newRows(`${schema} ${split}`, [['Shelf', shelf]])).toEqual([{ title: 'a' }, { title: 'c' }]);
  });

  it('carry the event that they were in as evidence', () => {
    const result = compile(`${schema} @Name('s') select title from Shelf[books]#length(2)`, {
      evidence: () => 3,
    });
    if (!result.ok) throw new Error(result.diagnostics[0].message);
    const runtime = createRuntime();
    const rows: Row[] = [];
    runtime
      .deploy(result.module)
      .statement('s')!
      .addListener((delivery) => rows.push(...delivery.newRows));
    runtime.sendEvent('Shelf', shelf);
    expect(rows.map((row) => evidenceOf(row).map((event) => (event as typeof shelf).room))).toEqual([
      ['r1'],
      ['r1'],
      ['r1'],
    ]);
    expect(explain(result.module)).toContain('each Book in books');
  });

  it.each([
    ['select * from Shelf[room]', 'room (string) holds no events: say with @type(…) what they are'],
    ['select * from Shelf[loose]', 'loose (map[]) holds no events'],
    ['select * from Shelf[tags @type(Book)]', "'Book' must have one property to stand for values of string"],
    ['select * from Shelf[bocks]', "unknown property 'bocks' of Shelf"],
  ])('%s is refused: %s', (statement, message) => {
    expect(refusal(`${schema} ${statement}`)).toContain(message);
  });

  const reading = `${schema} create window W#length(1) as Shelf; insert into W select * from Shelf;`;
  const other = { room: 'r2', books: [{ title: 'd', price: 2 }] };

  it('leave a named window with their row, and are then the events that came', () => {
    const { given, runtime } = start(
      `${reading} @Name('s') select irstream title from W[select title, room from books];
        @Name('w') select window(*) as every_one from W[books where price > 1];`,
      ['s', 'w'],
    );
    runtime.sendEvent('Shelf', shelf);
    runtime.sendEvent('Shelf', other);
    runtime.sendEvent('Shelf', { room: 'r3' });
    expect(given.s).toEqual([
      { newRows: [{ title: 'a' }, { title: 'b' }, { title: 'c' }], oldRows: [] },
      { newRows: [{ title: 'd' }], oldRows: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] },
      { newRows: [], oldRows: [{ title: 'd' }] },
    ]);
    expect(
      given.w.map(({ newRows: [{ every_one: inside }] }) =>
        (inside as readonly Row[] | null)?.map(({ title }) => title),
      ),
    ).toEqual([['a', 'b'], ['d'], undefined]);
  });

  it('of a named window are asked for by queries, joins and subqueries', () => {
    const { runtime, given } = start(
      `${reading} @Name('j') select w.title as t, g.value as v from W[books] as w, Tag#lastevent as g where w.title = g.value;
        @Name('q') select (select count(*) from W[books] where title = Tag.value) as c from Tag;`,
      ['j', 'q'],
    );
    runtime.sendEvent('Shelf', shelf);
    runtime.sendEvent('Tag', { value: 'b' });
    expect(given.j.map(({ newRows: rows }) => rows)).toEqual([[{ t: 'b', v: 'b' }]]);
    expect(given.q.map(({ newRows: rows }) => rows)).toEqual([[{ c: 1 }]]);
    expect(runtime.query('select title from W[books] where price > 4')).toEqual([
      { title: 'a' },
      { title: 'b' },
    ]);
  });

  it('of a named window count among what the statement holds', () => {
    const { runtime, deployment } = start(`${reading} @Name('s') select title from W[books];`);
    runtime.sendEvent('Shelf', shelf);
    expect(deployment.statement('s')!.counters.retained).toBe(3);
    runtime.sendEvent('Shelf', { room: 'r3' });
    expect(deployment.statement('s')!.counters.retained).toBe(0);
  });

  it('in a pattern may be told apart by what is inside, and are seen by later filters', () => {
    const { runtime, given } = start(
      `${schema} @Name('d') select a[0].title as t from pattern [every-distinct(a[0].title) a=Shelf[books]];
        @Name('f') select b[0].title as t from pattern [every a=Shelf[books] -> b=Shelf(room = a[0].title)[books]];`,
      ['d', 'f'],
    );
    for (const event of [shelf, { ...other, room: 'a' }, { room: 'a' }, { ...other, room: 'x' }])
      runtime.sendEvent('Shelf', event);
    expect(given.d.flatMap(({ newRows: rows }) => rows)).toEqual([{ t: 'a' }, { t: 'd' }]);
    expect(given.f.flatMap(({ newRows: rows }) => rows)).toEqual([{ t: 'd' }]);
  });

  it.each([
    ['create context C partition by title from Shelf[books]', /a context takes whole events/],
    [
      `create table T(room string primary key, books Book[]); select title from T[books]`,
      /keep them in a named window/,
    ],
  ])('%s is refused', (statement, message) => {
    expect(refusal(`${schema} ${statement}`)).toMatch(message);
  });

  it('are explained', () => {
    const result = compile(
      `${reading} @Name('s') select title from W[books where price > 4];
        @Name('p') select 1 as one from pattern [every a=Shelf[books]];`,
    );
    if (!result.ok) throw new Error(result.diagnostics[0].message);
    const text = explain(result.module);
    expect(text).toContain('named window W, each Book in books where (Book.price > 4)');
    expect(text).toContain('filter a=Shelf, waits one by one\n        each Book in books');
  });
});
