import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/mime/base64.ts';

describe('strict base64', () => {
  it('reads what it should, with white space between', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(80), (bytes, width) => {
        const lines = Buffer.from(bytes)
          .toString('base64')
          .replace(new RegExp(`.{${width + 1}}`, 'g'), '$& \t\r\n');
        expect(Buffer.compare(decodeBase64(Buffer.from(lines))!, bytes)).toBe(0);
      }),
    );
  });

  it.each(['A', 'AA', 'AAA', 'AAAA=', 'AA=A', '====', 'AA-_', 'AAAA\u00e9', 'AAA\0', '=AAA', 'AAAA AAA'])(
    'refuses %j',
    (text) => expect(decodeBase64(Buffer.from(text, 'latin1'))).toBeUndefined(),
  );
});
