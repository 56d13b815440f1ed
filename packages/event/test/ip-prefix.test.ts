import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressToOctets,
  EventError,
  ipPrefixText,
  octetsToAddress,
  parseIpPrefix,
  prefixOfEndpoint,
  prefixOfOctets,
} from '../src/index.ts';

const octets = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);

describe('networks', () => {
  it.each([
    ['192.0.2.0/24', [192, 0, 2, 0], 24],
    ['192.0.2.1', [192, 0, 2, 1], 32],
    ['0.0.0.0/0', [0, 0, 0, 0], 0],
    ['10.128.0.0/9', [10, 128, 0, 0], 9],
  ])('%s', (text, expected, length) => {
    expect(parseIpPrefix(text)).toEqual({ octets: Uint8Array.from(expected), length });
  });

  it.each([
    ['192.0.2.1/24', /its network is 192\.0\.2\.0\/24/],
    ['2001:db8::1/32', /its network is 2001:db8::\/32/],
    ['192.0.2.0/33', /at most/],
    ['2001:db8::/129', /at most/],
    ['192.0.2.0/', /write it as/],
    ['192.0.2.0/024', /write it as/],
    ['192.0.2.0/24/24', /write it as/],
    ['example', /not an IPv4 or IPv6 address/],
    ['', /not an IPv4 or IPv6 address/],
  ])('"%s" is none', (text, reason) => {
    expect(() => parseIpPrefix(text)).toThrowError(EventError);
    expect(() => parseIpPrefix(text)).toThrowError(reason);
  });

  it('come back from their text, and have the addresses in them that node finds there', () => {
    fc.assert(
      fc.property(octets, octets, fc.nat(128), (address, other, length) => {
        const prefix = prefixOfOctets(address, length % (8 * address.length + 1));
        expect(parseIpPrefix(ipPrefixText(prefix))).toEqual(prefix);
        const family = address.length === 4 ? 'ipv4' : 'ipv6';
        const list = new BlockList();
        list.addSubnet(octetsToAddress(prefix.octets)!, prefix.length, family);
        const near = other.length === address.length ? other : address.map((octet, i) => octet ^ (i & 1));
        const isSame = Buffer.compare(prefixOfOctets(near, prefix.length).octets, prefix.octets) === 0;
        expect(isSame).toBe(list.check(octetsToAddress(near)!, family));
      }),
    );
  });

  it('are what endpoints stand for', () => {
    expect(prefixOfEndpoint({ address: '198.51.100.7' })).toEqual(parseIpPrefix('198.51.100.7/32'));
    expect(prefixOfEndpoint({ address: '198.51.100.7', prefixLength: 24 })).toEqual(
      parseIpPrefix('198.51.100.0/24'),
    );
    expect(prefixOfEndpoint({ address: '2001:db8::1' })?.octets).toEqual(addressToOctets('2001:db8::1'));
    expect(prefixOfEndpoint({ name: 'www.example' })).toBeUndefined();
  });
});
