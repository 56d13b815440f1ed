import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateAll } from '../evaluate.ts';

const schema = 'create schema E(d double, f float, i int, nums double[])';

describe('numbers as texts', () => {
  it.each([
    [2, '2.0'],
    [1.5, '1.5'],
    [-0, '-0.0'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [1.25e-9, '1.25E-9'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('the double %s is %s', (d, text) => {
    expect(evaluateAll(schema, 'cast(d, string)', [{ d }])).toEqual([text]);
    expect(evaluateAll(schema, 'd.toString()', [{ d }])).toEqual([text]);
    expect(evaluateAll(schema, 'String.valueOf(d)', [{ d }])).toEqual([text]);
  });

  it('are read back as the same number', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 30 }), (list) => {
        const back = evaluateAll(
          schema,
          'cast(cast(d, string), double)',
          list.map((d) => ({ d })),
        );
        expect(back).toEqual(list);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 30 }), (list) => {
        const back = evaluateAll(
          schema,
          'cast(cast(f, string), float)',
          list.map((f) => ({ f })),
        );
        expect(back).toEqual(list);
      }),
    );
  });

  it('have the digits of a float alone, and none behind the point of an int', () => {
    expect(evaluateAll(schema, 'cast(f, string)', [{ f: Math.fround(0.1) }])).toEqual(['0.1']);
    expect(evaluateAll(schema, "cast(i, string) || '/' || String.valueOf(i)", [{ i: 2 }])).toEqual(['2/2']);
  });

  it('are the keys of maps', () => {
    expect(evaluateAll(schema, 'nums.toMap(k => k, v => 1)', [{ nums: [1, 2.5] }])).toEqual([
      { '1.0': 1, '2.5': 1 },
    ]);
    expect(evaluateAll(schema, 'nums.groupBy(k => k > 2)', [{ nums: [1, 2.5] }])).toEqual([
      { false: [1], true: [2.5] },
    ]);
  });
});
