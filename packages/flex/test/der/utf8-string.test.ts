import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8StringCodec } from '../../src/der/utf8-string.ts';
import { decoded, encoded } from '../der-octets.ts';

describe('UTF8String', () => {
  it.each([
    ['', '0c00'],
    ['a', '0c0161'],
    ['\u007f\u0080', '0c037fc280'],
    ['\u07ff\u0800', '0c05dfbfe0a080'],
    ['\uffff\u{10000}', '0c07efbfbff0908080'],
    ['\u{10ffff}', '0c04f48fbfbf'],
    ['\ufeffa\u0000', '0c05efbbbf6100'],
  ])('%j is %s', (text, octets) => {
    expect(encoded(utf8StringCodec, text)).toBe(octets);
    expect(decoded(utf8StringCodec, octets)).toBe(text);
  });

  it('is what TextEncoder writes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const contents = Buffer.from(new TextEncoder().encode(text)).toString('hex');
        expect(encoded(utf8StringCodec, text).endsWith(contents)).toBe(true);
        expect(decoded(utf8StringCodec, encoded(utf8StringCodec, text))).toBe(text);
      }),
    );
  });

  it.each(['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d\ud83d\ude00'])(
    'cannot be half a character: %j',
    (text) => {
      expect(() => encoded(utf8StringCodec, text)).toThrowError(/surrogate/);
    },
  );

  it.each(['c3', 'c080', 'eda080', 'f4908080', 'ff', '61c3'])('refuses the octets %s', (contents) => {
    const length = (contents.length / 2).toString(16).padStart(2, '0');
    expect(() => decoded(utf8StringCodec, `0c${length}${contents}`)).toThrowError(
      expect.objectContaining({ code: 'FLEX_BAD_VALUE', offset: 0 }),
    );
  });
});
