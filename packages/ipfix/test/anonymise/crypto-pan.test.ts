import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CryptoPan, createCryptoPan } from '../../src/anonymise/crypto-pan.ts';
import { ipv4Text, ipv6Text } from '../../src/record/address-text.ts';
import { parseIpv4, parseIpv6 } from '../../src/record/parse-address.ts';

const ipv4 = (pan: CryptoPan, address: string) => ipv4Text(pan.ipv4(parseIpv4(address) as number));

function ipv6(pan: CryptoPan, octets: Uint8Array): Uint8Array {
  const out = new Uint8Array(20);
  pan.ipv6(Uint8Array.of(0, ...octets), 1, out, 2);
  return out.slice(2, 18);
}

const octetsOf = (address: string) =>
  Uint8Array.from((parseIpv6(address) as number[]).flatMap((group) => [group >> 8, group & 255]));

/** Number of leading bits that two addresses share. */
function sharedBits(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return 8 * i + Math.clz32(a[i] ^ b[i]) - 24;
  }
  return 8 * a.length;
}

const octetsOfIpv4 = (address: number) =>
  Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);

describe('Crypto-PAn', () => {
  it("gives the addresses of the authors' sample trace", () => {
    const key = [21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16];
    const padding = [216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2];
    const pan = createCryptoPan(Uint8Array.from([...key, ...padding]));
    const trace = {
      '128.11.68.132': '135.242.180.132',
      '129.118.74.4': '134.136.186.123',
      '130.132.252.244': '133.68.164.234',
      '141.223.7.43': '141.167.8.160',
      '141.233.145.108': '141.129.237.235',
      '152.163.225.39': '151.140.114.167',
    };
    for (const [from, to] of Object.entries(trace)) expect(ipv4(pan, from), from).toBe(to);
  });

  it('agrees with another implementation, also on IPv6', () => {
    const pan = createCryptoPan(Buffer.from('32-char-str-for-AES-key-and-pad.'));
    expect(ipv4(pan, '192.0.2.1')).toBe('192.0.125.244');
    expect(ipv6Text(ipv6(pan, octetsOf('2001:db8::1')), 0)).toBe('27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd');
  });

  const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('keeps exactly the prefixes that IPv4 addresses share, so that it is one to one', () => {
    const address = fc.integer({ min: 0, max: 0xffffffff });
    const flip = fc.integer({ min: 0, max: 31 });
    fc.assert(
      fc.property(keys, address, address, flip, (key, a, random, bit) => {
        const pan = createCryptoPan(key);
        const near = (a ^ (1 << bit)) >>> 0;
        for (const b of [random, near, a]) {
          const shared = sharedBits(octetsOfIpv4(a), octetsOfIpv4(b));
          expect(sharedBits(octetsOfIpv4(pan.ipv4(a)), octetsOfIpv4(pan.ipv4(b)))).toBe(shared);
        }
        // Neither the cache nor another instance changes anything.
        expect(pan.ipv4(a)).toBe(createCryptoPan(key).ipv4(a));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps exactly the prefixes that IPv6 addresses share', () => {
    const address = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(keys, address, address, fc.integer({ min: 0, max: 127 }), (key, a, random, bit) => {
        const pan = createCryptoPan(key);
        const near = a.map((octet, i) => (i === bit >> 3 ? octet ^ (128 >> (bit & 7)) : octet));
        for (const b of [random, near]) {
          expect(sharedBits(ipv6(pan, a), ipv6(pan, b))).toBe(sharedBits(a, b));
        }
        expect(ipv6(createCryptoPan(key), a)).toEqual(ipv6(pan, a));
      }),
      { numRuns: 100 },
    );
  });
});
