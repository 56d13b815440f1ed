import { describe, expect, it } from 'vitest';
import { booleanCodec } from '../../src/der/boolean.ts';
import { decoded, encoded } from '../der-octets.ts';

describe('BOOLEAN', () => {
  it('is 00 or ff', () => {
    expect(encoded(booleanCodec, true)).toBe('0101ff');
    expect(encoded(booleanCodec, false)).toBe('010100');
    expect(decoded(booleanCodec, '0101ff')).toBe(true);
    expect(decoded(booleanCodec, '010100')).toBe(false);
  });

  it('is nothing else', () => {
    expect(() => decoded(booleanCodec, '010101')).toThrowError(
      expect.objectContaining({ code: 'FLEX_NOT_DER' }),
    );
    expect(() => decoded(booleanCodec, '0100')).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE' }),
    );
    expect(() => encoded(booleanCodec, 1 as unknown as boolean)).toThrowError(/not a boolean/);
  });
});
