import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLong,
  bitwiseLong,
  canonicalLong,
  multiplyLong,
  remainderLong,
  subtractLong,
} from '../src/long.ts';

const long = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 3037000500n),
);
const wrapped = (exact: bigint) => canonicalLong(BigInt.asIntN(64, exact));

describe('64-bit arithmetic', () => {
  it('is exact, wraps, and keeps the canonical form', () => {
    fc.assert(
      fc.property(long, long, (a, b) => {
        const [x, y] = [canonicalLong(a), canonicalLong(b)];
        expect(addLong(x, y)).toBe(wrapped(a + b));
        expect(subtractLong(x, y)).toBe(wrapped(a - b));
        expect(Number(multiplyLong(x, y)) === 0 ? 0 : multiplyLong(x, y)).toBe(wrapped(a * b));
        if (b === 0n) expect(() => remainderLong(x, y)).toThrow(RangeError);
        else expect(remainderLong(x, y)).toBe(wrapped(a % b));
        expect(bitwiseLong('&', x, y)).toBe(wrapped(a & b));
        expect(bitwiseLong('|', x, y)).toBe(wrapped(a | b));
        expect(bitwiseLong('^', x, y)).toBe(wrapped(a ^ b));
      }),
      { numRuns: 2000 },
    );
  });
});
