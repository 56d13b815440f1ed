import { ipPrefixText } from '@flowpact/event';
import { describe, expect, it } from 'vitest';
import { addressesIn } from '../../src/disclosure/addresses-in-text.ts';

const found = (text: string) =>
  addressesIn(text)?.map((prefix) => ipPrefixText(prefix).replace(/\/\d+$/, ''));

describe('addresses in a text', () => {
  it.each([
    ['Seen at 192.0.2.1.', '192.0.2.1'],
    ['192.0.2.1:53, 198.51.100.7/32', '192.0.2.1'],
    ['192.0.2.1:53, 198.51.100.7/32', '198.51.100.7'],
    ['http://192.0.2.1/x', '192.0.2.1'],
    ['dead:192.0.2.1', '192.0.2.1'],
    ['1.192.0.2.1', '192.0.2.1'],
    ['host192.0.2.1x', '192.0.2.1'],
    ['192[.]0[.]2[.]1 and 192(dot)0(dot)2(dot)2', '192.0.2.1'],
    ['192[.]0[.]2[.]1 and 192(dot)0(dot)2(dot)2', '192.0.2.2'],
    ['2001:db8::1', '2001:db8::1'],
    ['at 2001:db8::1, or 2001:DB8:0:0:0:0:0:2.', '2001:db8::1'],
    ['at 2001:db8::1, or 2001:DB8:0:0:0:0:0:2.', '2001:db8::2'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['2001:db8:0:0:0:0:0:1:443', '2001:db8::1'],
    ['x:2001:db8::1:', '2001:db8::1'],
    ['abc:2001:db8::1', '2001:db8::1'],
    ['2001[:]db8[:][:]1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['net 2001:db8::', '2001:db8::'],
  ])('%s has %s', (text, address) => {
    expect(found(text)).toContain(address);
  });

  it.each([
    '',
    'at 12:30:11',
    'v1.2.3',
    'MAC 00:11:22:33:44:55',
    '1192.0.2.1',
    '192.0.2.300',
    'a::text',
    ':',
    'ratio 3:2',
  ])('"%s" has none', (text) => {
    expect(found(text)?.filter((address) => address.length > 5)).toEqual([]);
  });

  it('cannot be told of a word without end', () => {
    expect(addressesIn(':'.repeat(65))).toBeUndefined();
  });
});
