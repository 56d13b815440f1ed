import { describe, expect, it } from 'vitest';
import { enumeratedCodec } from '../../src/der/enumerated.ts';
import { decoded, encoded } from '../der-octets.ts';

const codec = enumeratedCodec(['none', 'some']);

describe('ENUMERATED', () => {
  it('has words, and numbers of later versions', () => {
    expect(encoded(codec, 'some')).toBe('0a0101');
    expect(decoded(codec, '0a0101')).toBe('some');
    for (const [number, octets] of [
      [2, '0a0102'],
      [-1, '0a01ff'],
      [300, '0a02012c'],
    ] as const) {
      expect(encoded(codec, number)).toBe(octets);
      expect(decoded(codec, octets)).toBe(number);
    }
  });

  it('writes a number that has a word as that word', () => {
    expect(decoded(codec, encoded(codec, 1))).toBe('some');
  });

  it('has no other words, and no numbers that are not exact', () => {
    expect(() => encoded(codec, 'any' as 'none')).toThrowError(/"any" is none of none, some/);
    expect(() => encoded(codec, 0.5)).toThrowError(expect.objectContaining({ code: 'FLEX_INVALID' }));
    expect(() => decoded(codec, '0a087fffffffffffffff')).toThrowError(
      expect.objectContaining({ code: 'FLEX_LIMIT' }),
    );
    expect(() => decoded(codec, '0a020001')).toThrowError(expect.objectContaining({ code: 'FLEX_NOT_DER' }));
  });
});
