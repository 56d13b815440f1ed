import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyIndex } from '../../src/runtime/key-index.ts';

const simple = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.constantFrom<unknown>(null, true, false, '', Number.NaN, 0.5, -0.5, 2 ** 40, 'a', 'ab'),
  fc.string({ maxLength: 3 }),
);
const anyKey = fc.oneof(
  { weight: 30, arbitrary: simple },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(2n ** 70n, -(2n ** 60n)) },
);

describe('KeyIndex', () => {
  for (const [name, key] of [
    ['simple keys', simple],
    ['keys that only a Map can find among them', anyKey],
  ] as const) {
    it(`does what Map does: ${name}`, () => {
      const step = fc.tuple(fc.constantFrom('set', 'delete', 'get'), key);
      fc.assert(
        fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
          const index = new KeyIndex<number>();
          const map = new Map<unknown, number>();
          for (const [i, [action, wanted]] of steps.entries()) {
            if (action === 'set') {
              index.set(wanted, i);
              map.set(wanted, i);
            } else if (action === 'delete') expect(index.delete(wanted)).toBe(map.delete(wanted));
            expect(index.get(wanted)).toBe(map.get(wanted));
            expect(index.size).toBe(map.size);
          }
          expect([...index.values()].sort()).toEqual([...map.values()].sort());
        }),
        { numRuns: 300 },
      );
    });
  }

  it('finds all of many keys, and keys whose texts differ where the hash does not look', () => {
    const index = new KeyIndex<number>();
    for (let i = 0; i < 50_000; i++) index.set(`10.0.0.${i}`, i);
    for (let i = 0; i < 1000; i++)
      index.set(`${'x'.repeat(30)}${String(i).padStart(6, '0')}${'y'.repeat(30)}`, -i);
    expect(index.size).toBe(51_000);
    for (let i = 0; i < 50_000; i += 7) expect(index.get(`10.0.0.${i}`)).toBe(i);
    expect(index.get(`${'x'.repeat(30)}000999${'y'.repeat(30)}`)).toBe(-999);
    for (let i = 0; i < 50_000; i++) expect(index.delete(`10.0.0.${i}`)).toBe(true);
    expect(index.size).toBe(1000);
  });
});
