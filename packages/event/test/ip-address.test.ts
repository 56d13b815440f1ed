import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressToOctets, EventError, octetsToAddress } from '../src/index.ts';

const octets4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** With many zeros, so that there are runs to shorten. */
const octets16 = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc
    .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))),
);

describe('addresses as text and octets', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.oneof(octets4, octets16), (octets) => {
        const text = octetsToAddress(octets);
        expect(text).toBeDefined();
        expect(isIP(text!)).toBe(octets.length === 4 ? 4 : 6);
        expect(addressToOctets(text!)).toStrictEqual(octets);
      }),
    );
  });

  it("are what node's parser makes of the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV6(),
          octets16.map((octets) => octetsToAddress(octets)!),
        ),
        (text) => {
          const { address } = new SocketAddress({ address: text, family: 'ipv6' });
          // Both sides name the same octets; node writes ::ffff:a.b.c.d where RFC 5952 allows hexadecimal too.
          expect(addressToOctets(address)).toStrictEqual(addressToOctets(text));
        },
      ),
    );
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(octetsToAddress(addressToOctets(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['0:0:1:0:0:0:1:1', '0:0:1::1:1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
  ])('%s is %s in the form of RFC 5952', (text, canonical) => {
    expect(octetsToAddress(addressToOctets(text))).toBe(canonical);
  });

  it.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.01',
    '1::2::3',
    'fe80::1%eth0',
    ':',
    '1:2:3:4:5:6:7',
  ])('"%s" is no address', (text) => {
    expect(() => addressToOctets(text)).toThrowError(EventError);
    expect(() => addressToOctets(text)).toThrowError(expect.objectContaining({ code: 'EVENT_BAD_ADDRESS' }));
  });

  it.each([0, 3, 5, 15, 17])('%s octets are no address', (length) => {
    expect(octetsToAddress(new Uint8Array(length))).toBeUndefined();
  });
});
