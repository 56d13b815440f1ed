import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll, refusal } from '../evaluate.ts';

const schema =
  'create schema P(no int, name string, hits long); create schema E(n int[], m int[], p P[], limit_ int)';
const evaluate = (expression: string, data: Record<string, unknown>): unknown =>
  evaluateAll(schema, expression, [data])[0];

type Numbers = readonly number[];

/** What each method means, said with the means of JavaScript. */
const meanings: readonly (readonly [string, (n: Numbers, m: Numbers) => unknown])[] = [
  ['n.where(x => x > 1)', (n) => n.filter((x) => x > 1)],
  ['n.where((x, i) => x > i)', (n) => n.filter((x, i) => x > i)],
  ['n.where((x, i, s) => x + i < s)', (n) => n.filter((x, i) => x + i < n.length)],
  ['n.selectFrom(x => x * 2)', (n) => n.map((x) => x * 2)],
  ['n.anyOf(x => x = 2)', (n) => n.includes(2)],
  ['n.allOf(x => x < 3)', (n) => n.every((x) => x < 3)],
  ['n.countOf(x => x > 0)', (n) => n.filter((x) => x > 0).length],
  ['n.firstOf(x => x > 1)', (n) => n.find((x) => x > 1) ?? null],
  ['n.lastOf(x => x > 1)', (n) => n.findLast((x) => x > 1) ?? null],
  ['n.orderBy()', (n) => [...n].sort((a, b) => a - b)],
  ['n.orderByDesc(x => x * x)', (n) => [...n].sort((a, b) => b * b - a * a)],
  ['n.take(2)', (n) => n.slice(0, 2)],
  ['n.takeLast(2)', (n) => n.slice(Math.max(0, n.length - 2))],
  ['n.reverse()', (n) => [...n].reverse()],
  ['n.distinctOf()', (n) => [...new Set(n)]],
  ['n.sumOf()', (n) => (n.length === 0 ? null : n.reduce((a, b) => a + b, 0))],
  ['n.average()', (n) => (n.length === 0 ? null : n.reduce((a, b) => a + b, 0) / n.length)],
  ['n.min()', (n) => (n.length === 0 ? null : Math.min(...n))],
  ['n.max(x => x * 3)', (n) => (n.length === 0 ? null : Math.max(...n) * 3)],
  ['n.aggregate(0, (r, x) => r * 2 + x)', (n) => n.reduce((r, x) => r * 2 + x, 0)],
  ['n.aggregate(0, (r, x, i, s) => r + x * i + s)', (n) => n.reduce((r, x, i) => r + x * i + n.length, 0)],
  ['n.union(m)', (n, m) => [...n, ...m]],
  ['n.except(m)', (n, m) => n.filter((x) => !m.includes(x))],
  ['n.intersect(m)', (n, m) => n.filter((x) => m.includes(x))],
  ['n.sequenceEqual(m)', (n, m) => n.length === m.length && n.every((x, i) => x === m[i])],
  ['n.where(x => m.anyOf(y => y = x + 1))', (n, m) => n.filter((x) => m.includes(x + 1))],
  [
    'n.where(x => m.where(y => n.anyOf(z => z = x + y)).countOf() > 1)',
    (n, m) => n.filter((x) => m.filter((y) => n.some((z) => z === x + y)).length > 1),
  ],
];

describe('enumeration methods', () => {
  it.each(meanings)('%s', (expression, meaning) => {
    const numbers = fc.array(fc.integer({ min: -3, max: 4 }), { maxLength: 7 });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 20 }), (pairs) => {
        const got = evaluateAll(
          schema,
          expression,
          pairs.map(([n, m]) => ({ n, m })),
        );
        expect(got).toEqual(pairs.map(([n, m]) => meaning(n, m)));
      }),
      { numRuns: 20 },
    );
  });

  it.each(meanings)('%s of null is null', (expression) => {
    expect(evaluate(expression, { m: [1] })).toBeNull();
  });

  it.each([
    ['n.sumOf()', [null, 2, 3], 5],
    ['n.sumOf()', [null], null],
    ['n.countOf()', [null, 2], 2],
    ['n.max()', [null, 2, 7], 7],
    ['n.minBy(x => x)', [3, null, 2], 2],
    ['n.orderBy()', [3, null, 2], [null, 2, 3]],
    ['n.sumOf()', [2147483647, 1], -2147483648],
    ['n.sumOf(x => cast(x, long))', [2147483647, 1], 2147483648],
    ['n.takeWhileLast((x, i) => i < 2)', [1, 2, 3], [2, 3]],
    ['n.mostFrequent(x => x % 2)', [1, 2, 3], 1],
    ['n.take(limit_)', [1, 2], []],
    ['n.aggregate(1L, (r, x) => r * x)', [3, 4], 12],
  ])('%s of %j: %j', (expression, n, expected) => {
    expect(evaluate(expression, { n })).toEqual(expected);
  });

  it('read the properties of events, and hand on the events themselves', () => {
    const p = [
      { no: 1, name: 'a', hits: 5 },
      { no: 2, name: 'b', hits: 5 },
      { no: 3, name: 'c', hits: 1 },
    ];
    expect(evaluate('p.maxBy(x => x.hits)', { p })).toBe(p[0]);
    expect(evaluate('p.where(x => x.hits = 5).lastOf().name', { p })).toBe('b');
    expect(evaluate('p.groupBy(x => x.hits, x => x.name)', { p })).toEqual({ 5: ['a', 'b'], 1: ['c'] });
    expect(evaluate("p.toMap(x => x.name, x => x.no).get('b')", { p })).toBe(2);
    expect(evaluate('p.selectFrom(x => new { x.no, twice = x.no * 2 }).firstOf().twice', { p })).toBe(2);
  });

  it.each([
    ['n.where(x => x + 1)', 'the lambda of where needs a boolean'],
    ['n.where((a, b, c, d) => true)', 'the lambda of where has 1 to 3 parameters, not 4'],
    ['n.where((a, a) => true)', "the parameter 'a' of the lambda occurs twice"],
    ['n.take(x => x > 1)', 'take takes no lambda here'],
    ['n.minBy()', 'minBy takes a lambda, not 0 arguments'],
    ['p.sumOf()', 'sumOf needs numbers, but finds P'],
    [
      'limit_.where(x => x > 1)',
      'where is for arrays, windows and subqueries, but limit_ (int) is none of them',
    ],
    ['n.union(p)', 'union takes an array such as int[], not P[]'],
    ['n.wehre(x => true)', "n (int[]) has no method 'wehre'"],
    ['n.where(x => sum(x) > 1)', 'cannot read the parameter of a lambda'],
  ])('%s is refused: %s', (expression, message) => {
    expect(refusal(`${schema}; select ${expression} from E`)).toContain(message);
  });
});
