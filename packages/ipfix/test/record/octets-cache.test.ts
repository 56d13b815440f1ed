import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOctetsCache } from '../../src/record/octets-cache.ts';

const textOf = (bytes: Uint8Array, start: number, end: number) => bytes.subarray(start, end).join(' ');

describe('createOctetsCache', () => {
  it('never gives the value of other octets, though it has few slots', () => {
    const cache = createOctetsCache(4, 3, textOf);
    const inputs = fc.array(fc.uint8Array({ maxLength: 5, max: 2 }), { maxLength: 50 });
    fc.assert(
      fc.property(inputs, (all) => {
        for (const bytes of all) {
          const framed = Uint8Array.from([9, ...bytes, 9]);
          expect(cache.get(framed, 1, 1 + bytes.length)).toBe(bytes.join(' '));
        }
      }),
    );
  });

  it('makes a value once, and each time where it is too long to be kept', () => {
    let made = 0;
    const cache = createOctetsCache(4, 2, (bytes, start, end) => {
      made++;
      return textOf(bytes, start, end);
    });
    for (let i = 0; i < 3; i++) cache.get(Uint8Array.of(1, 2), 0, 2);
    expect(made).toBe(1);
    for (let i = 0; i < 3; i++) cache.get(Uint8Array.of(1, 2, 3), 0, 3);
    expect(made).toBe(4);
  });

  it('keeps what is made of nothing', () => {
    let made = 0;
    const cache = createOctetsCache(4, 2, () => `made ${++made}`);
    expect(cache.get(Uint8Array.of(1), 1, 1)).toBe('made 1');
    expect(cache.get(Uint8Array.of(1), 0, 0)).toBe('made 1');
  });
});
