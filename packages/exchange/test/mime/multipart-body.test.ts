import { describe, expect, it } from 'vitest';
import { fieldOf, protectedEntity, splitHeader } from '../../src/mime/mime-entity.ts';
import { canonicalLineEnds, partsOf } from '../../src/mime/multipart-body.ts';

const parts = (body: string, maxParts = 9) =>
  partsOf(Buffer.from(body, 'latin1'), 'b', maxParts)?.map((part) => part.toString('latin1'));

describe('the parts of a multipart body', () => {
  it.each<[string, string, string[] | undefined]>([
    ['between delimiters', '--b\r\none\r\n--b\r\ntwo\r\n\r\n--b--\r\n', ['one', 'two\r\n']],
    ['with what stands around them left out', 'before\r\n--b\r\none\r\n--b--\r\nafter', ['one']],
    ['with the line ends of Unix', '--b\none\n--b--', ['one']],
    ['with other text like a delimiter in them', '--b\r\n--bc\r\nx --b\r\n--b--\r\n', ['--bc\r\nx --b']],
    ['empty', '--b\r\n\r\n--b--', ['']],
    ['of no octet, not even a line end', '--b\r\n--b--', ['']],
    ['without an end', '--b\r\none\r\n', undefined],
    ['without a beginning', 'nothing', undefined],
  ])('are found %s', (_how, body, expected) => expect(parts(body)).toEqual(expected));

  it('are so many at most', () => {
    const body = `${'--b\r\nx\r\n'.repeat(3)}--b--`;
    expect(parts(body, 3)).toEqual(['x', 'x', 'x']);
    expect(parts(body, 2)).toBeUndefined();
  });

  it('have canonical line ends', () => {
    const canonical = (text: string) => canonicalLineEnds(Buffer.from(text)).toString();
    expect(canonical('\na\nb\r\nc\r')).toBe('\r\na\r\nb\r\nc\r');
  });
});

describe('an entity', () => {
  it('is split at its first empty line', () => {
    const texts = (entity: string) => {
      const { header, body } = splitHeader(Buffer.from(entity));
      return [header.toString(), body.toString()];
    };
    expect(texts('a: b\r\n\r\nc\r\n\r\nd')).toEqual(['a: b\r\n', 'c\r\n\r\nd']);
    expect(texts('a: b\n\nc')).toEqual(['a: b\n', 'c']);
    expect(texts('a: b')).toEqual(['a: b', '']);
  });

  it('has fields that are there once', () => {
    const header = Buffer.from('One: 1\r\nTwo: 2\r\nLong: a\r\n\tb\r\ntwo: 3\r\n');
    expect(['one', 'LONG', 'two', 'three'].map((name) => fieldOf(header, name))).toEqual([
      '1',
      'a b',
      undefined,
      undefined,
    ]);
  });

  it('is protected or not by its one type', () => {
    const isProtected = (header: string) => protectedEntity(Buffer.from(`${header}\r\n\r\n`)) !== undefined;
    expect(isProtected('Content-Type: Multipart/Signed; boundary="x"')).toBe(true);
    expect(isProtected('content-type: multipart/encrypted;\r\n boundary=x')).toBe(true);
    expect(isProtected('Content-Type: multipart/mixed; boundary=x')).toBe(false);
    expect(isProtected('Content-Type: multipart/signed; boundary=x\r\nContent-Type: multipart/mixed')).toBe(
      false,
    );
    expect(isProtected('Subject: multipart/signed')).toBe(false);
    expect(isProtected('Content-Type: ')).toBe(false);
  });
});
