import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerCodec, integerRangeCodec } from '../../src/der/integer.ts';
import { decoded, encoded } from '../der-octets.ts';

const anyInteger = integerCodec();

describe('INTEGER', () => {
  it.each([
    [0, '020100'],
    [1, '020101'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [32767, '02027fff'],
    [32768, '0203008000'],
    [0x7fffffff, '02047fffffff'],
    [0x80000000, '02050080000000'],
    [0xffffffff, '020500ffffffff'],
    [0x100000000, '02050100000000'],
    [1410137783000, '0206014852c2fad8'],
    [Number.MAX_SAFE_INTEGER, '02071fffffffffffff'],
    [2n ** 53n, '020720000000000000'],
    [2n ** 63n - 1n, '02087fffffffffffffff'],
    [2n ** 63n, '0209008000000000000000'],
    [2n ** 64n - 1n, '020900ffffffffffffffff'],
    [-1, '0201ff'],
    [-128, '020180'],
    [-129, '0202ff7f'],
    [-256, '0202ff00'],
    [-0x80000000, '020480000000'],
    [-0x80000001, '0205ff7fffffff'],
    [-0x100000000, '0205ff00000000'],
    [Number.MIN_SAFE_INTEGER, '0207e0000000000001'],
    [-(2n ** 63n), '02088000000000000000'],
    [-(2n ** 63n) - 1n, '0209ff7fffffffffffffff'],
  ])('%s is %s', (value, octets) => {
    expect(encoded(anyInteger, value)).toBe(octets);
    expect(decoded(anyInteger, octets)).toBe(value);
  });

  it('is the same as a number and as a bigint', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(encoded(anyInteger, BigInt(value))).toBe(encoded(anyInteger, value));
        expect(decoded(anyInteger, encoded(anyInteger, value))).toBe(value);
      }),
    );
  });

  it('has no minus zero', () => {
    expect(encoded(anyInteger, -0)).toBe('020100');
  });

  it.each([1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY, '1', undefined])('is not %s', (value) => {
    expect(() => encoded(anyInteger, value as number)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
  });

  it('keeps to its constraint both ways', () => {
    const positive = integerCodec(1);
    expect(encoded(positive, 1)).toBe('020101');
    expect(() => encoded(positive, 0)).toThrowError(/below 1/);
    expect(() => encoded(positive, -(2n ** 70n))).toThrowError(/below 1/);
    expect(() => decoded(positive, '020100')).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE' }),
    );
    const octet = integerRangeCodec(0, 255);
    expect(decoded(octet, '020200ff')).toBe(255);
    expect(() => decoded(octet, '02020100')).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE' }),
    );
    expect(() => decoded(octet, '0201ff')).toThrowError(/-1 is not within 0..255/);
    expect(() => decoded(octet, '0209008000000000000000')).toThrowError(/not within/);
    for (const value of [-1, 256, 0.5, Number.NaN, 3n as unknown as number]) {
      expect(() => encoded(octet, value)).toThrowError(expect.objectContaining({ code: 'FLEX_INVALID' }));
    }
  });
});
