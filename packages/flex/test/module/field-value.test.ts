import { describe, expect, it } from 'vitest';
import { FlexReal } from '../../src/der/flex-real.ts';
import { UnknownElement } from '../../src/der/unknown-element.ts';
import { type FieldValue, fieldValueCodec } from '../../src/module/field-value.ts';
import { encoded, octets } from '../der-octets.ts';
import { testVectors } from './vectors.ts';

describe('FieldValue', () => {
  testVectors<FieldValue>(fieldValueCodec, [
    ['absent', '0500', null],
    ['number', '0201fe', -2],
    ['number beyond 2^53', '0209 010000000000000000', 2n ** 64n],
    ['octets', '0402 abcd', octets('abcd')],
    ['string', '0c03 e282ac', '€'],
    ['truth', '0101ff', true],
    ['real', '0903 800003', new FlexReal(3)],
    ['list, empty', 'a002 3000', []],
    ['list within a list', 'a00b 3009 020101 a004 3002 0500', [1, [null]]],
    ['unknown alternative', 'bf8100 02 0500', new UnknownElement(octets('bf8100020500'))],
  ]);

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['an object', {}],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a number that is no integer, bare', 1.5],
    ['an unknown alternative that is known', new UnknownElement(octets('0500'))],
    ['a REAL of no number', new FlexReal('1' as unknown as number)],
    ['a hole in a list', [1, undefined]],
  ])('cannot be %s', (_, value) => {
    expect(() => encoded(fieldValueCodec, value as FieldValue)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
  });

  it('cannot be a list in itself', () => {
    const list: FieldValue[] = [];
    list.push(list);
    expect(() => encoded(fieldValueCodec, list)).toThrowError(/nested deeper than 256/);
  });
});
