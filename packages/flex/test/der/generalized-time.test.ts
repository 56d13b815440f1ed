import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  generalizedTimeCodec,
  generalizedTimeToMs,
  msToGeneralizedTime,
} from '../../src/der/generalized-time.ts';
import { decoded, encoded, hex } from '../der-octets.ts';

const latestMs = Date.parse('9999-12-31T23:59:59.999Z');
const earliestMs = Date.parse('0000-01-01T00:00:00Z');

describe('GeneralizedTime', () => {
  it.each([
    '20260101000000Z',
    '19700101000000.001Z',
    '20240229235959.5Z',
    '00000101000000Z',
    '99991231235959.999999999Z',
    '20161231235960Z',
  ])('%s is DER', (text) => {
    const octets = hex(Uint8Array.of(0x18, text.length, ...Buffer.from(text)));
    expect(encoded(generalizedTimeCodec, text)).toBe(octets);
    expect(decoded(generalizedTimeCodec, octets)).toBe(text);
  });

  it.each([
    ['no Z', '20260101000000'],
    ['an offset', '20260101000000+0000'],
    ['no seconds', '202601010000Z'],
    ['a fraction that ends in zero', '20260101000000.50Z'],
    ['a fraction without digits', '20260101000000.Z'],
    ['a comma', '20260101000000,5Z'],
    ['midnight as 24', '20260101240000Z'],
    ['a month of 13', '20261301000000Z'],
    ['a month of 00', '20260001000000Z'],
    ['a day that the month lacks', '20260229000000Z'],
    ['a minute of 60', '20260101006000Z'],
    ['a leap second at noon', '20260101120060Z'],
    ['a second of 61', '20261231235961Z'],
    ['digits of another script', '2026010100000\u0660Z'],
    ['more digits than anybody needs', `20260101000000.${'1'.repeat(60)}Z`],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    const bytes = Buffer.from(text);
    expect(() =>
      decoded(generalizedTimeCodec, hex(Uint8Array.of(0x18, bytes.length, ...bytes))),
    ).toThrowError(expect.objectContaining({ code: 'FLEX_NOT_DER' }));
    expect(() => encoded(generalizedTimeCodec, text)).toThrowError(
      expect.objectContaining({ code: 'FLEX_INVALID' }),
    );
    expect(generalizedTimeToMs(text)).toBeUndefined();
  });

  it('is said in milliseconds and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: earliestMs, max: latestMs }), (ms) => {
        const text = msToGeneralizedTime(ms);
        expect(text).toBeDefined();
        expect(decoded(generalizedTimeCodec, encoded(generalizedTimeCodec, text!))).toBe(text);
        expect(generalizedTimeToMs(text!)).toBe(ms);
      }),
    );
  });

  it('is cut to milliseconds, towards the past, before 1970 too', () => {
    expect(generalizedTimeToMs('20260101000000.1239Z')).toBe(Date.parse('2026-01-01T00:00:00.123Z'));
    expect(generalizedTimeToMs('19691231235959.9999Z')).toBe(-1);
  });

  it('has a leap second in the second after it', () => {
    expect(generalizedTimeToMs('20161231235960.5Z')).toBe(Date.parse('2017-01-01T00:00:00.500Z'));
  });

  it.each([latestMs + 1, earliestMs - 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'does not exist for %s ms',
    (ms) => {
      expect(msToGeneralizedTime(ms)).toBeUndefined();
    },
  );
});
