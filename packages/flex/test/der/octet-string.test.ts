import { describe, expect, it } from 'vitest';
import { octetStringCodec } from '../../src/der/octet-string.ts';
import { decoded, encoded, octets } from '../der-octets.ts';

const anySize = octetStringCodec();
const address = octetStringCodec([4, 16]);

describe('OCTET STRING', () => {
  it.each([
    ['0400', ''],
    ['0404c0000201', 'c0000201'],
    [`0421${'ab'.repeat(33)}`, 'ab'.repeat(33)],
    [`0481c8${'01'.repeat(200)}`, '01'.repeat(200)],
    [`04820100${'02'.repeat(256)}`, '02'.repeat(256)],
    [`0483010000${'03'.repeat(65536)}`, '03'.repeat(65536)],
  ])('%.20s… both ways', (bytes, contents) => {
    expect(encoded(anySize, octets(contents))).toBe(bytes);
    expect(decoded(anySize, bytes)).toStrictEqual(octets(contents));
  });

  it('keeps to its sizes', () => {
    expect(decoded(address, '0404c0000201')).toHaveLength(4);
    expect(() => decoded(address, '0403c00002')).toThrowError(/3 octets, must be 4 or 16/);
    expect(() => encoded(address, new Uint8Array(5))).toThrowError(/5 octets, must be 4 or 16/);
    expect(() => encoded(address, '192.0.2.1' as unknown as Uint8Array)).toThrowError(/not a Uint8Array/);
  });
});
