import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Environment, Subject } from '../../../src/compile/evaluator.ts';
import { type RangeEnd, SortedIndex } from '../../../src/runtime/store/sorted-index.ts';

const environment: Environment = { nowMs: 0, isNew: true, subqueries: [] };

const end = fc.option(fc.record({ value: fc.integer({ min: -2, max: 42 }), included: fc.boolean() }), {
  nil: undefined,
});

const within = (x: number | null, low: RangeEnd | undefined, high: RangeEnd | undefined): boolean => {
  if (x === null) return false;
  const above = low === undefined || x > (low.value as number) || (low.included && x === low.value);
  return above && (high === undefined || x < (high.value as number) || (high.included && x === high.value));
};

describe('SortedIndex', () => {
  it('gives what a sorted list gives, also where many rows share a value and leave again', () => {
    const values = fc.array(fc.option(fc.integer({ min: 0, max: 40 }), { freq: 20 }), {
      minLength: 900,
      maxLength: 1800,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 7 }), end, end, (list, every, low, high) => {
        const index = new SortedIndex({ kind: 'property', type: 'int', stream: 0, name: 'x' });
        const rows = list.map((x, id): Subject => ({ x, id }));
        for (const row of rows) index.add(row, environment);
        const gone = rows.filter((_, i) => i % every === 0);
        for (const row of gone) index.remove(row, environment);
        const left = rows
          .filter((row, i) => i % every !== 0 && within(row.x as number | null, low, high))
          .sort((a, b) => (a.x as number) - (b.x as number) || (a.id as number) - (b.id as number));
        expect([...index.range(low, high)]).toEqual(left);
      }),
      { numRuns: 30 },
    );
  });
});
