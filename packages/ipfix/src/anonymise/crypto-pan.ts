import { createCipheriv } from 'node:crypto';
import { createOctetsCache } from '../record/octets-cache.ts';

/** Octets of a key: 16 for AES-128, and 16 that become the padding. */
export const cryptoPanKeyLength = 32;

/**
 * Crypto-PAn: addresses are replaced by others one to one, so that two addresses that share their first n bits share
 * exactly their first n bits afterwards (J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-Preserving IP Address
 * Anonymization, ICNP 2002). Who holds the key can undo it; who knows some pairs can tell the prefixes of others.
 */
export interface CryptoPan {
  /** @returns the other address, as an unsigned integer */
  ipv4(address: number): number;
  /** Writes the other address of the 16 octets at `at` to `out` at `outAt`. */
  ipv6(octets: Uint8Array, at: number, out: Uint8Array, outAt: number): void;
}

const blockLength = 16;
const ipv4Slots = 65536;
const ipv6Slots = 8192;

/**
 * Keeps the answers for 65,536 IPv4 and 8,192 IPv6 addresses.
 *
 * @param key 32 octets, as the authors' own implementation takes it
 */
export function createCryptoPan(key: Uint8Array): CryptoPan {
  const cipher = createCipheriv('aes-128-ecb', key.subarray(0, blockLength), null).setAutoPadding(false);
  const padding = cipher.update(key.subarray(blockLength, cryptoPanKeyLength));

  /**
   * One bit for each bit of the address, to be added to it: the first bit of the encrypted block that begins with the
   * bits before it and goes on with padding. All blocks of an address are encrypted at once.
   */
  function oneTimePad(address: Uint8Array): Uint8Array {
    const bits = 8 * address.length;
    const blocks = new Uint8Array(bits * blockLength);
    for (let bit = 0; bit < bits; bit++) {
      const at = bit * blockLength;
      blocks.set(padding, at);
      const whole = bit >> 3;
      for (let i = 0; i < whole; i++) blocks[at + i] = address[i];
      const mask = (0xff00 >> (bit & 7)) & 0xff;
      blocks[at + whole] = (address[whole] & mask) | (padding[whole] & ~mask);
    }
    const encrypted = cipher.update(blocks);
    const pad = new Uint8Array(address.length);
    for (let bit = 0; bit < bits; bit++) {
      pad[bit >> 3] |= (encrypted[bit * blockLength] >> 7) << (7 - (bit & 7));
    }
    return pad;
  }

  const other = (address: Uint8Array) => {
    const pad = oneTimePad(address);
    return address.map((octet, i) => octet ^ pad[i]);
  };

  function computeIpv4(address: number): number {
    const octets = other(Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address));
    return ((octets[0] << 24) | (octets[1] << 16) | (octets[2] << 8) | octets[3]) >>> 0;
  }

  // Every slot begins as the entry of address 0, so that no lookup has to ask whether a slot is filled.
  const ipv4Keys = new Uint32Array(ipv4Slots);
  const ipv4Values = new Uint32Array(ipv4Slots).fill(computeIpv4(0));
  const ipv6Values = createOctetsCache(ipv6Slots, 16, (octets, start, end) =>
    other(octets.slice(start, end)),
  );

  return {
    ipv4(address) {
      const slot = Math.imul(address, 0x9e3779b1) >>> 16;
      if (ipv4Keys[slot] === address) return ipv4Values[slot];
      const value = computeIpv4(address);
      ipv4Keys[slot] = address;
      ipv4Values[slot] = value;
      return value;
    },
    ipv6(octets, at, out, outAt) {
      out.set(ipv6Values.get(octets, at, at + 16), outAt);
    },
  };
}
