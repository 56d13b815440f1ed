import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createXxHash64 } from '../../src/file/xxhash64.ts';

function hash(...parts: readonly Uint8Array[]): number {
  const hash = createXxHash64();
  for (const part of parts) hash.update(part);
  return hash.low32();
}

describe('XXH64', () => {
  // Values of the reference implementation with seed 0.
  it.each([
    ['', 0x51d8e999],
    ['a', 0xa98c6e5b],
    ['abc', 0xad770999],
    ['Nobody inspects the spammish repetition', 0x8a378bf1],
  ])('of %j', (text, low) => {
    expect(hash(Buffer.from(text))).toBe(low);
  });

  it('does not depend on how the octets are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (octets, a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const parts = [octets.subarray(0, first), octets.subarray(first, second), octets.subarray(second)];
        expect(hash(...parts)).toBe(hash(octets));
      }),
    );
  });
});
