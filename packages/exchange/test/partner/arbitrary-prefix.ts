import { type IpPrefix, prefixOfOctets } from '@flowpact/event';
import fc from 'fast-check';

/** Few bits that differ, so that many networks have others in them. */
const nibble = fc.constantFrom(0x00, 0x80, 0xc0, 0xff);

export const addresses: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.tuple(nibble, nibble, fc.constant(0), nibble).map((octets) => Uint8Array.from(octets)),
  fc.tuple(nibble, nibble).map(([first, last]) => {
    const octets = new Uint8Array(16);
    octets[0] = first;
    octets[15] = last;
    return octets;
  }),
);

export const prefixes: fc.Arbitrary<IpPrefix> = fc
  .tuple(addresses, fc.constantFrom(0, 1, 8, 9, 10, 16, 17, 25, 32, 128))
  .map(([octets, length]) => prefixOfOctets(octets, Math.min(length, 8 * octets.length)));
