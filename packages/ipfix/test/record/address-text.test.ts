import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4Text, ipv6Text, macText } from '../../src/record/address-text.ts';
import { parseIpv4, parseIpv6, parseMac } from '../../src/record/parse-address.ts';

/** The 16 octets of groups of 16 bits, behind one octet that does not belong to them. */
const octetsOf = (groups: readonly number[]) =>
  Uint8Array.from([7, ...groups.flatMap((group) => [group >> 8, group & 255])]);

describe('ipv4Text', () => {
  it('prints and parses every address', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => {
        const text = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
        expect(ipv4Text(address)).toBe(text);
        expect(ipv4Text(address | 0)).toBe(text);
        expect(parseIpv4(text)).toBe(address);
      }),
    );
  });

  it('gives one string object while the address stays in the cache', () => {
    const texts = [ipv4Text(0x0a000001), ipv4Text(0x0a000001)];
    expect(Object.is(texts[0], texts[1])).toBe(true);
  });
});

describe('ipv6Text', () => {
  it.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[1, 0, 0, 0, 0, 0, 0, 0], '1::'],
    [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
    [[0x2001, 0, 0, 1, 0, 0, 0, 1], '2001:0:0:1::1'],
    [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
    [[0xfe80, 0, 0, 0, 0xff, 0xfe00, 0x12, 1], 'fe80::ff:fe00:12:1'],
    [[0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201], '::ffff:192.0.2.1'],
  ])('prints %j as RFC 5952 wants it', (groups, text) => {
    expect(ipv6Text(octetsOf(groups), 1)).toBe(text);
    expect(parseIpv6(text)).toEqual(groups);
  });

  it('is parsed back, whatever the groups', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        expect(parseIpv6(ipv6Text(octetsOf(groups), 1))).toEqual(groups);
      }),
    );
  });
});

describe('macText', () => {
  it('prints and parses', () => {
    expect(macText(Uint8Array.of(9, 0x0a, 0, 0xff, 1, 2, 3), 1)).toBe('0a:00:ff:01:02:03');
    expect(parseMac('0A-00-ff-01-02-03')).toBe(0x0a00ff010203);
    expect(parseMac('0a:00:ff:01:02')).toBeUndefined();
  });
});

describe('what is no address', () => {
  it.each(['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', '1.2.3.-4', ' 1.2.3.4', '1.2.3.4e0'])(
    '%j',
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
      expect(parseIpv6(text)).toBeUndefined();
    },
  );

  it.each(['1:2:3', ':::', '1::2::3', 'g::', '::1%lo', '::1.2.3'])('%j', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });
});
