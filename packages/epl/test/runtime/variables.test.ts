import { describe, expect, it } from 'vitest';
import { refusal } from '../evaluate.ts';
import { newRows, run } from '../run.ts';

const schema = 'create schema E(x int); create schema Set(v int);';
const e = (x: number) => ['E', { x }] as const;
const set = (v: number) => ['Set', { v }] as const;

describe('first values of variables', () => {
  it.each([
    ['int v = 2 + 3 * 4', 14],
    ['int[] v = {1, 2}', [1, 2]],
    ['int[primitive] v = new int[2]', [0, 0]],
    ['string[] v = new string[1]', [null]],
    ['long[] v = new long[] {1, 2}', [1, 2]],
    ["string v = 'a' || 'b'", 'ab'],
    ['double v = Math.sqrt(16)', 4],
  ])('%s', (variable, expected) => {
    const text = `${schema} create variable ${variable}; @Name('s') select v from E`;
    expect(newRows(text, [e(1)])).toEqual([{ v: expected }]);
  });

  it('may be made of other variables', () => {
    const text = `${schema} create variable int a = 2; create variable int b = a * 2; @Name('s') select b from E`;
    expect(newRows(text, [e(1)])).toEqual([{ b: 4 }]);
  });

  it('must be known before anything runs', () => {
    expect(refusal('create variable long v = current_timestamp()')).toContain('must be known before it runs');
    expect(refusal("create variable int[] v = {'a'}")).toContain("'v' is int[], not string[]");
  });
});

describe('elements of array variables', () => {
  const text = `${schema} create variable int[] counts = new int[2]; on Set set counts[v] = counts[v] + 1; @Name('s') select counts as v from E`;

  it('are set one by one, and rows keep what they had', () => {
    expect(newRows(text, [e(1), set(1), e(2), set(1), e(3)])).toEqual([
      { v: [0, 0] },
      { v: [0, 1] },
      { v: [0, 2] },
    ]);
  });

  it('do not grow', () => {
    expect(() => newRows(text, [set(2)])).toThrow("'counts' has 2 elements, and none at 2");
  });
});

describe('windows whose condition reads a variable', () => {
  it('let events go with the next move of the clock', () => {
    const text = `${schema} create variable int keep = 3; on Set set keep = v;
      @Name('s') select irstream x from E#expr(current_count <= keep)`;
    const calls = run(text, [e(1), e(2), set(1), 1, 2]);
    expect(calls.slice(2)).toEqual([[], [{ new: [], old: [{ x: 1 }] }], []]);
  });

  it('release batches with the next move of the clock', () => {
    const text = `${schema} create variable int most = 9; on Set set most = v;
      @Name('s') select x from E#expr_batch(current_count > most)`;
    expect(run(text, [e(1), e(2), set(1), 1]).at(-1)).toEqual([{ new: [{ x: 1 }, { x: 2 }], old: [] }]);
  });
});

describe('output and variables', () => {
  const flush = 'create variable int flush = 0; on Set set flush = v;';

  it('gives rows with the next move of the clock, and sets variables then', () => {
    const text = `${schema} ${flush} @Name('s') select x from E output when flush = 1 then set flush = 0`;
    const calls = run(text, [e(1), set(1), e(2), 1, e(3), 2]);
    expect(calls.map((of) => of.map((call) => call.new.map((row) => row.x)))).toEqual([
      [],
      [],
      [],
      [[1, 2]],
      [],
      [],
    ]);
  });

  it('sets variables to the numbers of the output', () => {
    const text = `${schema} create variable int told = 0;
      @Name('s') select x, told from E output when count_insert >= 2 then set told = count_insert_total`;
    expect(newRows(text, [e(1), e(2), e(3), e(4)]).map(({ told }) => told)).toEqual([0, 0, 2, 2]);
  });

  it('counts as many events as the variable says', () => {
    const text = `${schema} create variable int n = 2; on Set set n = v; @Name('s') select x from E output every n events`;
    expect(run(text, [e(1), e(2), set(3), e(3), e(4), e(5)]).map((of) => of.length)).toEqual([
      0, 1, 0, 0, 0, 1,
    ]);
  });
});
