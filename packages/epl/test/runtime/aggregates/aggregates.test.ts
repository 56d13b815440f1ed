import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Values } from '../../../src/runtime/aggregates/access.ts';
import type { Aggregator } from '../../../src/runtime/aggregates/aggregator.ts';
import { Distinct } from '../../../src/runtime/aggregates/distinct.ts';
import { Extreme } from '../../../src/runtime/aggregates/extreme.ts';
import { ExtremeInOrder } from '../../../src/runtime/aggregates/extreme-in-order.ts';
import { AverageDeviation, Median, StandardDeviation } from '../../../src/runtime/aggregates/statistics.ts';
import { SumLong } from '../../../src/runtime/aggregates/sum.ts';

type Model = (values: readonly number[]) => unknown;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const some =
  (model: Model): Model =>
  (values) =>
    values.length === 0 ? null : model(values);

const aggregates: readonly [string, () => Aggregator, Model][] = [
  ['min', () => new Extreme(false), some((values) => Math.min(...values))],
  ['max', () => new Extreme(true), some((values) => Math.max(...values))],
  ['min, in order', () => new ExtremeInOrder(false), some((values) => Math.min(...values))],
  ['max, in order', () => new ExtremeInOrder(true), some((values) => Math.max(...values))],
  [
    'median',
    () => new Median(),
    some((values) => {
      const sorted = [...values].sort((a, b) => a - b);
      const [low, high] = [(sorted.length - 1) >> 1, sorted.length >> 1];
      return (sorted[low] + sorted[high]) / 2;
    }),
  ],
  [
    'stddev',
    () => new StandardDeviation(),
    (values) => {
      if (values.length < 2) return null;
      const squares = values.map((value) => (value - mean(values)) ** 2);
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (values.length - 1));
    },
  ],
  [
    'avedev',
    () => new AverageDeviation(),
    some((values) => mean(values.map((value) => Math.abs(value - mean(values))))),
  ],
  [
    'sum(distinct)',
    () => new Distinct(new SumLong()),
    some((values) => [...new Set(values)].reduce((a, b) => a + b, 0)),
  ],
  ['first', () => new Values('first', 0), some((values) => values[0])],
  ['last', () => new Values('last', 1), (values) => values.at(-2) ?? null],
  ['window', () => new Values('window', 0), some((values) => [...values])],
];

describe('aggregates over events that come and go agree with computing anew', () => {
  it.each(aggregates)('%s', (_name, create, model) => {
    const steps = fc.array(fc.tuple(fc.option(fc.integer({ min: -9, max: 9 })), fc.boolean()), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const aggregator = create();
        const keepsNull = aggregator instanceof Values;
        const held: (number | null)[] = [];
        for (const [value, leaves] of list) {
          if (leaves && held.length > 0) aggregator.leave(held.shift());
          if (!keepsNull || value !== null) {
            aggregator.enter(value);
            held.push(value);
          }
          const expected = model(held.filter((one) => one !== null));
          const got = aggregator.value();
          if (typeof expected === 'number') expect(got).toBeCloseTo(expected, 6);
          else expect(got).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });
});
