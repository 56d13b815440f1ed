import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTransfer, encodeTransfer, transferEncodingOf } from '../../src/mail/transfer-encoding.ts';

const decoded = (body: string, encoding: string) =>
  Buffer.from(decodeTransfer(Buffer.from(body, 'latin1'), encoding)).toString('latin1');

describe('transfer encodings', () => {
  it('bring any octets over unchanged', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc
            .array(
              fc.constantFrom('From a', '.', '', ' ', 'a ', '\t', '=', '\xe9', 'x'.repeat(100), 'word'),
              { maxLength: 9 },
            )
            .map((lines) => Uint8Array.from(Buffer.from(lines.join('\r\n'), 'latin1'))),
        ),
        fc.constantFrom('text/plain', 'application/octet-stream', 'message/rfc822'),
        (content, mediaType) => {
          const encoding = transferEncodingOf(content, mediaType);
          const encoded = encodeTransfer(content, encoding);
          expect(Buffer.from(decodeTransfer(encoded, encoding))).toEqual(Buffer.from(content));
          if (encoding === '7bit' || encoding === 'quoted-printable' || encoding === 'base64') {
            expect(encoded.toString('latin1')).toMatch(/^(?:[\t -~]|\r\n)*$/);
            for (const line of encoded.toString('latin1').split('\r\n'))
              expect(line.length).toBeLessThanOrEqual(998);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['plain\r\n', 'text/plain', '7bit'],
    ['space \r\nat the end', 'text/plain', 'quoted-printable'],
    ['From here', 'text/plain', 'quoted-printable'],
    ['caf\xe9', 'text/plain', 'quoted-printable'],
    ['x'.repeat(999), 'text/plain', 'quoted-printable'],
    ['bare\nfeed', 'text/plain', 'base64'],
    ['{}', 'application/json', 'base64'],
    ['a: b\r\n\r\nc', 'message/rfc822', '7bit'],
    ['a: b\r\n\r\n\xe9', 'message/rfc822', '8bit'],
    ['a: b\n\nc', 'message/rfc822', 'binary'],
  ])('suit the content: %j as %s is %s', (text, mediaType, encoding) => {
    expect(transferEncodingOf(Buffer.from(text, 'latin1'), mediaType)).toBe(encoding);
  });

  it('are read with what goes wrong on the way', () => {
    expect(decoded('a=\r\nb=3D=20\r\n =zz c \t\r\n=', 'quoted-printable')).toBe('ab= \r\n =zz c\r\n');
    expect(decoded('YT*1i\r\n\r\nDQo', 'base64')).toBe('a=b\r\n');
    expect(decoded('as it is', 'x-uuencode')).toBe('as it is');
  });
});
