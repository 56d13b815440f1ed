import { describe, expect, it } from 'vitest';
import { refusal } from '../evaluate.ts';
import { newRows } from '../run.ts';

const schema = `create schema A(src string, n int, rule int); create schema B(src string, n long, sig string);
  create schema A2(more int) inherits A;
  create variant schema V as A, B; create variant schema Whatever as *;
  insert into V select * from A; insert into V select * from B; insert into Whatever select * from A;`;

describe('variant schemas', () => {
  it.each([
    [
      'select * from V',
      [
        { src: 'a', n: 1, rule: 2 },
        { src: 'b', n: 3, sig: 's' },
        { src: 'c', n: 4, rule: 5, more: 6 },
      ],
    ],
    [
      'select typeof(v) as t, instanceof(v, A) as a from V as v',
      [
        { t: 'A', a: true },
        { t: 'B', a: false },
        { t: 'A2', a: true },
      ],
    ],
    [
      'select v.src as x, v.sig as y from Whatever as v',
      [
        { x: 'a', y: null },
        { x: 'c', y: null },
      ],
    ],
    ['select sum(n) as t from V', [{ t: 1 }, { t: 4 }, { t: 8 }]],
    ['select typeof(a) as t from A as a', [{ t: 'A' }, { t: 'A2' }]],
  ])('%s', (statement, expected) => {
    const rows = newRows(`${schema} @Name('s') ${statement}`, [
      ['A', { src: 'a', n: 1, rule: 2 }],
      ['B', { src: 'b', n: 3, sig: 's' }],
      ['A2', { src: 'c', n: 4, rule: 5, more: 6 }],
    ]);
    expect(rows).toEqual(expected);
  });

  it('take rows of any kind where they stand for all types', () => {
    const text = `${schema} insert into Whatever select src, 1 as one from B; @Name('s') select one, src from Whatever`;
    expect(newRows(text, [['B', { src: 'b' }]])).toEqual([{ one: 1, src: 'b' }]);
  });

  it.each([
    ['select rule from V', "unknown property 'rule' of V"],
    ['insert into V select src from A', "the variant stream 'V' takes whole events of A, B: write select *"],
    [
      'create schema C(a int); insert into V select * from C',
      "the variant stream 'V' takes whole events of A, B",
    ],
    ['create variant schema W as A, Missing', "unknown event type 'Missing'"],
  ])('%s is refused: %s', (statement, message) => {
    expect(refusal(`${schema} ${statement}`)).toContain(message);
  });
});
