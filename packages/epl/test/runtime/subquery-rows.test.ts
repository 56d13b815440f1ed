import { describe, expect, it } from 'vitest';
import { newRows, type Step } from '../run.ts';

const schema = 'create schema F(src string, n int); create schema A(id string, src string);';
const f = (src: string, n: number): Step => ['F', { src, n }];
const steps: readonly Step[] = [f('x', 1), f('y', 2), f('x', 1), ['A', { id: 'i', src: 'x' }]];

describe('the rows of a subquery', () => {
  it.each([
    ['(select distinct src from F#keepall).orderBy()', ['x', 'y']],
    ['(select distinct src, n from F#keepall).selectFrom(r => r.n)', [1, 2]],
    ['(select distinct src from F#keepall where src = a.src)', 'x'],
    [
      '(select src, count(*) as c from F#keepall group by src).where(r => r.c > 1).selectFrom(r => r.src)',
      ['x'],
    ],
    ['(select src from F#keepall).where(s => s = a.src).countOf()', 2],
    ['(select n from F#keepall).selectFrom((x, i) => x * i)', [0, 2, 2]],
  ])('%s', (expression, expected) => {
    const rows = newRows(`${schema} @Name('s') select ${expression} as v from A as a`, steps);
    expect(rows).toEqual([{ v: expected }]);
  });

  it('and of prevwindow(*) are the events', () => {
    const text = `${schema} @Name('s') select prevwindow(*).selectFrom(e => e.n) as v from F#length(2)`;
    expect(newRows(text, steps).map((row) => row.v)).toEqual([[1], [2, 1], [1, 2]]);
  });
});
