import { compile, createRuntime, evidenceOf, explain, type Row } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { refusal } from '../evaluate.ts';
import { newRows, run } from '../run.ts';

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
    expect(newRows(`${schema} ${set}`, [['Shelf', shelf]])).toEqual([{ top: 5 }, { top: 9 }, { top: 1 }]);
    const split = `on Shelf insert into Cheap select title from [books] where price < 6 output all; @Name('s') select * from Cheap`;
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
});
