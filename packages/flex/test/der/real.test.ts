import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlexReal } from '../../src/der/flex-real.ts';
import { nearestDouble } from '../../src/der/nearest-double.ts';
import { fieldValueCodec } from '../../src/module/field-value.ts';
import { decoded, encoded, octets } from '../der-octets.ts';

describe('REAL', () => {
  it.each([
    [0, '0900'],
    [-0, '090143'],
    [Number.POSITIVE_INFINITY, '090140'],
    [Number.NEGATIVE_INFINITY, '090141'],
    [Number.NaN, '090142'],
    [1, '0903800001'],
    [-1, '0903c00001'],
    [3, '0903800003'],
    [0.5, '090380ff01'],
    [10, '0903800105'],
    [0.1, '090980c90ccccccccccccd'],
    [2 ** -129, '090481ff7f01'],
    [2 ** 127, '0903807f01'],
    [2 ** 128, '090481008001'],
    [Number.MIN_VALUE, '090481fbce01'],
    [-Number.MAX_VALUE, '090ac103cb1fffffffffffff'],
  ])('%s is %s', (value, bytes) => {
    expect(encoded(fieldValueCodec, new FlexReal(value))).toBe(bytes);
    expect(decoded(fieldValueCodec, bytes)).toStrictEqual(new FlexReal(value));
  });

  it('holds every double exactly', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const read = decoded(fieldValueCodec, encoded(fieldValueCodec, new FlexReal(value)));
        expect(read).toStrictEqual(new FlexReal(value));
      }),
    );
  });

  it.each([
    ['1.5 as a decimal', '0907 03 31352e452d31', 1.5],
    ['7 as a decimal', '0906 03 372e452b30', 7],
    ['a decimal beyond doubles', '0907 03 312e45343030', Number.POSITIVE_INFINITY],
    ['a mantissa of 54 bits', '0909 80 00 20000000000001', 2 ** 53],
    ['a mantissa of 54 bits, rounded up', '0909 80 00 20000000000003', 2 ** 53 + 4],
    ['an exponent beyond doubles', '0905 82 010000 01', Number.POSITIVE_INFINITY],
    ['an exponent below doubles', '0905 c2 ff0000 01', -0],
    ['an exponent in long form', '0907 83 04 01000000 01', Number.POSITIVE_INFINITY],
  ])('%s is kept in its octets beside the nearest double', (_, bytes, nearest) => {
    const read = decoded(fieldValueCodec, bytes);
    expect(read).toStrictEqual(new FlexReal(nearest, octets(bytes).slice(2)));
    expect(encoded(fieldValueCodec, read)).toBe(bytes.replaceAll(' ', ''));
  });

  it.each([
    ['base 8', '0903 90 00 01'],
    ['a scaling factor', '0903 84 00 01'],
    ['an even mantissa', '0903 80 00 02'],
    ['a mantissa of zero', '0903 80 00 00'],
    ['zeros before the mantissa', '0904 80 00 00 01'],
    ['no mantissa', '0902 80 00'],
    ['nothing but the first octet', '0901 83'],
    ['a padded exponent', '0904 81 00 01 01'],
    ['a padded negative exponent', '0904 81 ff 80 01'],
    ['a short exponent in long form', '0904 83 01 01 01'],
    ['NR1 decimal', '0902 01 31'],
    ['a decimal with a plus sign', '0906 03 2b312e4530'],
    ['a decimal with zeros at its end', '0907 03 31302e452b30'],
    ['a decimal with an exponent of 0', '0905 03 312e4530'],
    ['a special value of two octets', '0902 40 00'],
    ['an unknown special value', '0901 44'],
  ])('with %s is refused', (_, bytes) => {
    expect(() => decoded(fieldValueCodec, bytes)).toThrowError(
      expect.objectContaining({ code: 'FLEX_NOT_DER' }),
    );
    const contents = octets(bytes).slice(2);
    expect(() => encoded(fieldValueCodec, new FlexReal(0, contents))).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
  });

  it('is bounded as integers are', () => {
    const long = `0942 80 00 ${'01'.repeat(64)}`;
    expect(() => decoded(fieldValueCodec, long)).toThrowError(
      expect.objectContaining({ code: 'FLEX_LIMIT' }),
    );
    expect(decoded(fieldValueCodec, long, { maxIntegerBytes: 66 })).toBeInstanceOf(FlexReal);
  });
});

describe('nearestDouble', () => {
  it.each([
    [1n, 0n, 1],
    [1n, -1074n, Number.MIN_VALUE],
    [1n, -1075n, 0],
    [3n, -1076n, Number.MIN_VALUE],
    [3n, -1075n, 2 * Number.MIN_VALUE],
    [1n, -1076n, 0],
    [1n, 1023n, 2 ** 1023],
    [1n, 1024n, Number.POSITIVE_INFINITY],
    [2n ** 53n - 1n, 971n, Number.MAX_VALUE],
    [2n ** 54n - 1n, 970n, Number.POSITIVE_INFINITY],
    [2n ** 53n - 1n, -1074n, (2 ** 53 - 1) * Number.MIN_VALUE],
    [2n ** 54n - 1n, -1076n, 2 ** -1022],
  ])('%s × 2^%s is %s', (mantissa, exponent, expected) => {
    expect(nearestDouble(mantissa, exponent)).toBe(expected);
  });

  it('rounds as the language does', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 200n), (mantissa) => {
        expect(nearestDouble(mantissa, 0n)).toBe(Number(mantissa));
      }),
    );
  });
});
