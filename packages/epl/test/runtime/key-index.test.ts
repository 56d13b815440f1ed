import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyIndex } from '../../src/runtime/key-index.ts';
import { NestedMap } from '../../src/runtime/nested-map.ts';

const simple = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.constantFrom<unknown>(null, true, false, '', Number.NaN, 0.5, -0.5, 0, -0, 2 ** 40, 2 ** 31, -(2 ** 31)),
  fc.constantFrom<unknown>(Number.POSITIVE_INFINITY, Number.MAX_VALUE, Number.MIN_VALUE, 'a', 'ab', 'é', 'ÿ'),
  // On both sides of what fits: in length, and in the characters.
  fc.constantFrom<unknown>(
    'x'.repeat(15),
    'x'.repeat(16),
    `${'x'.repeat(15)}y`,
    '€',
    '\u0000',
    '\u0100',
    'ab€',
  ),
  fc.string({ maxLength: 3 }),
  fc.string({ minLength: 14, maxLength: 40 }),
);
const anyKey = fc.oneof(
  { weight: 30, arbitrary: simple },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(2n ** 70n, -(2n ** 60n)) },
);

/** Looks a key up; what is done with it comes behind. */
function looked<V>(index: KeyIndex<V>, keys: readonly unknown[]): KeyIndex<V> {
  for (const [i, key] of keys.entries()) index.part(i, key);
  return index;
}

describe('KeyIndex', () => {
  for (const parts of [1, 2, 3]) {
    for (const [name, key] of [
      ['simple keys', simple],
      ['keys that only a Map can find among them', anyKey],
    ] as const) {
      it(`does what nested Maps do: ${name}, of ${parts} parts`, () => {
        const keys = fc.array(key, { minLength: parts, maxLength: parts });
        const steps = fc.array(keys, { minLength: 1, maxLength: 40 }).chain((known) =>
          fc.array(
            fc.tuple(
              fc.constantFrom('add', 'add', 'remove', 'find', 'replace', 'keep'),
              fc.constantFrom(...known),
            ),
            {
              maxLength: 300,
            },
          ),
        );
        fc.assert(
          fc.property(steps, (taken) => {
            const index = new KeyIndex<number>(parts);
            const map = new NestedMap<number>(parts);
            for (const [i, [action, wanted]] of taken.entries()) {
              const known = map.get(wanted);
              expect(looked(index, wanted).find()).toBe(known);
              if (action === 'add' && known === undefined) {
                index.add(i);
                map.set(wanted, i);
              } else if (action === 'keep') {
                index.keep((value) => value % 3 !== 0);
                map.keep((value) => value % 3 !== 0);
              } else if (action === 'replace') {
                if (known === undefined) continue;
                index.replace(i);
                map.set(wanted, i);
              } else if (action === 'remove') {
                expect(index.remove()).toBe(known !== undefined);
                map.delete(wanted);
              }
              expect(looked(index, wanted).find()).toBe(map.get(wanted));
              expect(index.size).toBe(map.size);
            }
            expect([...index.values()].sort()).toEqual([...map.values()].sort());
          }),
          { numRuns: 200 },
        );
      });
    }
  }

  it('finds all of many keys, also when most of them are gone', () => {
    const index = new KeyIndex<number>(2);
    const key = (i: number) => [`10.0.${i >> 8}.${i & 255}`, i % 7];
    for (let i = 0; i < 50_000; i++) {
      expect(looked(index, key(i)).find()).toBe(undefined);
      index.add(i);
    }
    for (let i = 0; i < 50_000; i++) if (i % 100 !== 0) expect(looked(index, key(i)).remove()).toBe(true);
    expect(index.size).toBe(500);
    for (let i = 50_000; i < 60_000; i++) {
      looked(index, key(i)).add(i);
      expect(looked(index, key(i)).remove()).toBe(true);
    }
    for (let i = 0; i < 50_000; i++) expect(looked(index, key(i)).find()).toBe(i % 100 === 0 ? i : undefined);
  });

  it('tells long texts apart that differ where the hash does not look', () => {
    const index = new KeyIndex<number>(1);
    const key = (i: number) => `${'x'.repeat(30)}${i}${'y'.repeat(30)}`;
    // So many that share a hash make it turn to a Map.
    for (const count of [5, 2_000]) {
      for (let i = 0; i < count; i++) if (looked(index, [key(i)]).find() === undefined) index.add(i);
      for (let i = 0; i < count; i++) expect(looked(index, [key(i)]).find()).toBe(i);
      expect(looked(index, [key(count)]).find()).toBe(undefined);
    }
  });
});
