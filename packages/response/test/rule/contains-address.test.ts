import { type IpPrefix, prefixOfOctets } from '@flowpact/event';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsAddress } from '../../src/rule/contains-address.ts';

/** Few different octets, so that prefixes and addresses meet often. */
const address = fc
  .constantFrom(4, 16)
  .chain((size) =>
    fc
      .array(fc.constantFrom(0, 1, 128, 255), { minLength: size, maxLength: size })
      .map((octets) => Uint8Array.from(octets)),
  );
const prefix = address.chain((octets) =>
  fc.integer({ min: 0, max: 8 * octets.length }).map((length) => prefixOfOctets(octets, length)),
);

const bits = (octets: Uint8Array) =>
  `${octets.length}:${[...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('')}`;
const firstBits = ({ octets, length }: IpPrefix) =>
  bits(octets).slice(0, String(octets.length).length + 1 + length);

describe('containsAddress', () => {
  it('finds the addresses that begin with the bits of the network', () => {
    fc.assert(
      fc.property(prefix, address, (network, host) => {
        expect(containsAddress(network, host)).toBe(bits(host).startsWith(firstBits(network)));
        const kept = (i: number) => 0xff & ~(0xff >> Math.min(8, Math.max(0, network.length - 8 * i)));
        const within = network.octets.map((octet, i) => octet | (host[i % host.length] & ~kept(i)));
        expect(containsAddress(network, within)).toBe(true);
      }),
    );
  });
});
