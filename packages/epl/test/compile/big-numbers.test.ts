import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll } from '../evaluate.ts';

const schema = 'create schema E(a biginteger, b biginteger, d bigdecimal)';
const canonical = (x: bigint): number | bigint => (Number.isSafeInteger(Number(x)) ? Number(x) : x);

describe('biginteger', () => {
  const numbers = fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n });

  it.each([
    ['a + b', (a: bigint, b: bigint) => a + b],
    ['a - b', (a: bigint, b: bigint) => a - b],
    ['a * b', (a: bigint, b: bigint) => a * b],
    ['-a', (a: bigint) => -a],
    ['cast(cast(a, string), biginteger)', (a: bigint) => a],
  ])('%s is exact', (expression, meaning) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 20 }), (pairs) => {
        const events = pairs.map(([a, b]) => ({ a: canonical(a), b: canonical(b) }));
        expect(evaluateAll(schema, expression, events)).toEqual(
          pairs.map(([a, b]) => canonical(meaning(a, b))),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is summed up exactly', () => {
    const events = [{ a: 2n ** 70n }, { a: 1 }, { a: null }];
    expect(evaluateAll(schema, 'sum(a)', events)).toEqual([2n ** 70n, 2n ** 70n + 1n, 2n ** 70n + 1n]);
  });

  it('compares and computes with other numbers', () => {
    expect(evaluateAll(schema, 'a > 5 and a < d', [{ a: 6, d: 6.5 }])).toEqual([true]);
    expect(evaluateAll(schema, 'a + d', [{ a: 6, d: 0.5 }])).toEqual([6.5]);
    expect(evaluateAll(schema, 'cast(d, biginteger)', [{ d: 1e30 }, { d: -1.5 }])).toEqual([
      BigInt(1e30),
      -1,
    ]);
  });
});
