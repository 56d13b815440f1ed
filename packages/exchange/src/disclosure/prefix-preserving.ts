import { createCipheriv, createHash } from 'node:crypto';
import type { PrefixTrie } from '../partner/prefix-trie.ts';

const blockLength = 16;
const maxCached = 65_536;

/**
 * Crypto-PAn (J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-Preserving IP Address Anonymization, ICNP 2002): bit n of an
 * address is turned over or not, by a cipher of the n bits before it. Two addresses that share exactly n bits share
 * exactly n bits afterwards, so that it is one to one.
 *
 * Here some networks stay as they are, those that the receiver needs: no bit is turned over after bits with which the
 * address of such a network could begin. It is still one to one and keeps all prefixes, so that no other address can
 * turn into one of those networks and be mistaken for it. The price: an address that begins like one of them shows as
 * many bits, and one more.
 *
 * @param key 32 octets: a key of AES-128 and 16 octets of padding, as the authors' own implementation takes it
 * @param kept The networks that stay as they are.
 * @returns a function of the 4 or 16 octets of an address
 */
export function createPrefixPreserving(
  key: Uint8Array,
  kept: PrefixTrie<unknown>,
): (address: Uint8Array) => Uint8Array {
  const cipher = createCipheriv('aes-128-ecb', key.subarray(0, blockLength), null).setAutoPadding(false);
  const padding = cipher.update(key.subarray(blockLength));
  const cache = new Map<string, Uint8Array>();

  /** The first bit of each block tells whether a bit is turned over: the block is the bits before it, then padding. */
  function turned(address: Uint8Array, firstBit: number): Uint8Array {
    const bits = 8 * address.length;
    const blocks = new Uint8Array(blockLength * bits);
    const block = Uint8Array.from(padding);
    for (let bit = 0; bit < bits; bit++) {
      blocks.set(block, blockLength * bit);
      const mask = 0x80 >> (bit & 7);
      block[bit >> 3] = (block[bit >> 3] & ~mask) | (address[bit >> 3] & mask);
    }
    const encrypted = cipher.update(blocks);
    const result = Uint8Array.from(address);
    for (let bit = firstBit; bit < bits; bit++) {
      result[bit >> 3] ^= (encrypted[blockLength * bit] & 0x80) >> (bit & 7);
    }
    return result;
  }

  return (address) => {
    const { bits, isInside } = kept.bitsTowards(address);
    if (isInside) return address;
    const name = Buffer.from(address).toString('latin1');
    const known = cache.get(name);
    if (known !== undefined) return known;
    const result = turned(address, bits);
    // All at once: what is asked for again comes back soon.
    if (cache.size === maxCached) cache.clear();
    cache.set(name, result);
    return result;
  };
}

/** Names a key without telling it. */
export function anonymisationKeyId(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
