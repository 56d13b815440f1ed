import { describe, expect, it } from 'vitest';
import { booleanCodec } from '../../src/der/boolean.ts';
import { integerCodec } from '../../src/der/integer.ts';
import {
  type Extensible,
  extensibleSequenceCodec,
  optional,
  required,
  sequenceCodec,
} from '../../src/der/sequence.ts';
import { sequenceOfCodec } from '../../src/der/sequence-of.ts';
import { decoded, encoded, octets } from '../der-octets.ts';

interface Sample extends Extensible {
  readonly count: number | bigint;
  readonly flag?: boolean;
  readonly list?: readonly (number | bigint)[];
}

const open = extensibleSequenceCodec<Sample>({
  count: required(0, integerCodec()),
  flag: optional(1, booleanCodec),
  list: optional(2, sequenceOfCodec(integerCodec())),
});

const closed = sequenceCodec<Omit<Sample, 'extensions' | 'list'>>({
  count: required(undefined, integerCodec()),
  flag: optional(undefined, booleanCodec),
});

describe('SEQUENCE', () => {
  it.each([
    ['3005 a003 020105', { count: 5 }],
    ['300a a003 020105 a103 0101ff', { count: 5, flag: true }],
    ['3009 a003 020105 a202 3000', { count: 5, list: [] }],
    ['300f a003 020105 a208 3006 020101 020102', { count: 5, list: [1, 2] }],
    ['300b a003 020105 a402 0500 9e00', { count: 5, extensions: [octets('a4020500'), octets('9e00')] }],
  ])('%s both ways', (bytes, value) => {
    expect(encoded(open, value)).toBe(bytes.replaceAll(' ', ''));
    expect(decoded(open, bytes)).toStrictEqual(value);
  });

  it('without tags and without extension marker', () => {
    expect(encoded(closed, { count: 5, flag: false })).toBe('3006020105010100');
    expect(decoded(closed, '3003020105')).toStrictEqual({ count: 5 });
    expect(() => decoded(closed, '30050201059e00')).toThrowError(
      expect.objectContaining({ code: 'FLEX_TRAILING' }),
    );
  });

  it.each([
    ['a field missing at the end', '3000', 'FLEX_MISSING', 'count'],
    ['a field missing before another', '3005 a103 0101ff', 'FLEX_BAD_TAG', 'count'],
    ['a field twice', '300a a003 020105 a003 020105', 'FLEX_BAD_TAG', ''],
    ['fields in another order', '300e a003 020105 a202 3000 a103 0101ff', 'FLEX_BAD_TAG', ''],
    ['a known field after an unknown one', '300c a003 020105 9e00 a103 0101ff', 'FLEX_BAD_TAG', ''],
    ['a known tag in primitive form', '3007 a003 020105 8100', 'FLEX_BAD_TAG', ''],
    ['something after the value within a tag', '3007 a005 020105 0500', 'FLEX_TRAILING', 'count'],
    ['another type within a tag', '3005 a003 0101ff', 'FLEX_BAD_TAG', 'count'],
    ['a field longer than itself', '3009 a003 020105 a205 3003 020101 000000', 'FLEX_BAD_LENGTH', 'list'],
    ['a wrong member', '300c a003 020105 a205 3003 0101ff', 'FLEX_BAD_TAG', 'list[0]'],
  ])('with %s is refused', (_, bytes, code, path) => {
    expect(() => decoded(open, bytes)).toThrowError(expect.objectContaining({ code, path }));
  });

  it.each([
    ['no object', 5, 'record: 5 is not an object'],
    ['no array', { count: 1, list: 5 }, 'list: 5 is not an array'],
    ['a field missing', {}, 'count: must be there'],
    ['a member wrong', { count: 1, list: [1, 0.5] }, 'list[1]: 0.5 is not an integer'],
    [
      'a known tag as unknown',
      { count: 1, extensions: [octets('a1030101ff')] },
      'extensions[0]: [1] (a1) is no unknown',
    ],
    ['no list of unknown fields', { count: 1, extensions: null }, 'extensions: null is not an array'],
    ['no element as unknown', { count: 1, extensions: [octets('')] }, 'extensions[0]: not the octets'],
    [
      'half an element as unknown',
      { count: 1, extensions: [octets('9e01')] },
      'extensions[0]: not one element in DER',
    ],
    [
      'two elements as one unknown',
      { count: 1, extensions: [octets('9e009e00')] },
      'extensions[0]: not one element',
    ],
    ['BER as unknown', { count: 1, extensions: [octets('be800000')] }, 'indefinite length'],
  ])('cannot be written with %s', (_, value, message) => {
    expect(() => encoded(open, value as Sample)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
