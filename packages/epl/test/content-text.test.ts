import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayOfContent, contentText } from '../src/content-text.ts';

const simple = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
);
const { array } = fc.letrec<{ array: unknown[]; element: unknown }>((tie) => ({
  array: fc.array(tie('element'), { maxLength: 4 }),
  element: fc.oneof({ maxDepth: 3 }, simple, tie('array')),
}));

/** Zero has no sign here: it is equal to itself. */
const unsigned = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(unsigned) : value === 0 ? 0 : value;

describe('the text of what an array holds', () => {
  it('gives the array back', () => {
    fc.assert(
      fc.property(array, (value) => {
        expect(arrayOfContent(contentText(value))).toEqual(unsigned(value));
      }),
    );
  });

  it('is different for different arrays', () => {
    fc.assert(
      fc.property(array, array, (a, b) => {
        let same = true;
        try {
          expect(unsigned(a)).toEqual(unsigned(b));
        } catch {
          same = false;
        }
        expect(contentText(a) === contentText(b)).toBe(same);
      }),
    );
  });

  it.each([
    [[1, '1', [true, null]], '[1,"1",[true,null]]'],
    [[2n ** 60n, 'a","b'], '[1152921504606846976n,"a\\",\\"b"]'],
    [[{ id: 'x', price: 1 }, null], '[{"id":"x","price":1},null]'],
    [[], '[]'],
  ])('reads as EPL would write it, example %#', (value, text) => {
    expect(contentText(value)).toBe(text);
  });
});
