import { addressToOctets, octetsToAddress, parseIpPrefix } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrefixPreserving } from '../../src/disclosure/prefix-preserving.ts';
import { PrefixTrie } from '../../src/partner/prefix-trie.ts';
import { addresses, prefixes } from '../partner/arbitrary-prefix.ts';

function keeping(...networks: readonly string[]): PrefixTrie<undefined> {
  const kept = new PrefixTrie<undefined>();
  for (const network of networks) kept.insert(parseIpPrefix(network), undefined);
  return kept;
}

/** Leading bits that two addresses have in common. */
function sharedBits(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i]);
  return at < 0 ? 8 * a.length : 8 * at + Math.clz32(a[at]! ^ b[at]!) - 24;
}

describe('prefix-preserving anonymisation', () => {
  it("gives the addresses of the authors' sample trace, and of another implementation", () => {
    const sample = [21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16];
    sample.push(216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2);
    const other = Buffer.from('32-char-str-for-AES-key-and-pad.');
    for (const [key, from, to] of [
      [Uint8Array.from(sample), '128.11.68.132', '135.242.180.132'],
      [Uint8Array.from(sample), '141.233.145.108', '141.129.237.235'],
      [Uint8Array.from(sample), '152.163.225.39', '151.140.114.167'],
      [other, '192.0.2.1', '192.0.125.244'],
      [other, '2001:db8::1', '27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd'],
    ] as const) {
      const anonymise = createPrefixPreserving(key, keeping());
      expect(octetsToAddress(anonymise(addressToOctets(from)))).toBe(to);
    }
  });

  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('keeps exactly the prefixes that addresses share, whatever else it keeps', () => {
    const bit = fc.nat(127);
    fc.assert(
      fc.property(
        key,
        fc.array(prefixes, { maxLength: 5 }),
        addresses,
        addresses,
        bit,
        (k, kept, a, random, flip) => {
          const trie = new PrefixTrie<undefined>();
          for (const prefix of kept) trie.insert(prefix, undefined);
          const anonymise = createPrefixPreserving(k, trie);
          const near = Uint8Array.from(a);
          const at = flip % (8 * a.length);
          near[at >> 3]! ^= 0x80 >> (at & 7);
          for (const b of random.length === a.length ? [near, random] : [near]) {
            expect(sharedBits(anonymise(a), anonymise(b))).toBe(sharedBits(a, b));
          }
        },
      ),
    );
  });

  it('leaves the networks as they are that it keeps, and lets no other address become one of theirs', () => {
    fc.assert(
      fc.property(key, fc.array(prefixes, { minLength: 1, maxLength: 5 }), addresses, (k, kept, address) => {
        const trie = new PrefixTrie<undefined>();
        for (const prefix of kept) trie.insert(prefix, undefined);
        const anonymise = createPrefixPreserving(k, trie);
        const isKept = (octets: Uint8Array) =>
          trie.longestMatch({ octets, length: 8 * octets.length }) !== undefined;
        const now = anonymise(address);
        if (isKept(address)) expect(now).toEqual(address);
        else expect(isKept(now)).toBe(false);
        expect(anonymise(address)).toEqual(now);
      }),
    );
  });

  it('shows of an address as many bits as it has in common with a kept network, and one more', () => {
    const from = addressToOctets('192.0.3.200');
    const seen = new Set<string>();
    for (let i = 0; i < 64; i++) {
      const anonymise = createPrefixPreserving(Buffer.alloc(32, i), keeping('192.0.2.0/24'));
      seen.add(octetsToAddress(anonymise(from))!.replace(/\.[0-9]+$/, ''));
    }
    expect([...seen]).toEqual(['192.0.3']);
  });
});
