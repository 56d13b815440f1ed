import { type IpPrefix, ipPrefixText, parseIpPrefix, prefixOfOctets } from '@flowpact/event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixTrie } from '../../src/partner/prefix-trie.ts';
import { prefixes } from './arbitrary-prefix.ts';

/** All of `inner` is in `outer`. */
const covers = (outer: IpPrefix, inner: IpPrefix) =>
  outer.octets.length === inner.octets.length &&
  outer.length <= inner.length &&
  Buffer.compare(prefixOfOctets(inner.octets, outer.length).octets, outer.octets) === 0;

function trieOf(inserted: readonly IpPrefix[]): PrefixTrie<number> {
  const trie = new PrefixTrie<number>();
  for (const [i, prefix] of inserted.entries()) trie.insert(prefix, i);
  return trie;
}

describe('networks in a trie', () => {
  it('are found as a scan of all finds them', () => {
    fc.assert(
      fc.property(fc.array(prefixes, { maxLength: 30 }), prefixes, (inserted, asked) => {
        const trie = trieOf(inserted);
        const around = inserted.filter((prefix) => covers(prefix, asked));
        const longest = Math.max(...around.map(({ length }) => length));
        const match = trie.longestMatch(asked);
        expect(match?.prefix.length).toBe(around.length === 0 ? undefined : longest);
        expect(match?.values ?? []).toEqual(
          [...inserted.keys()].filter((i) => {
            const prefix = inserted[i]!;
            return covers(prefix, asked) && prefix.length === longest;
          }),
        );
        const parts = inserted.filter((prefix) => covers(asked, prefix) && prefix.length > asked.length);
        expect([...trie.within(asked)].map(({ prefix }) => ipPrefixText(prefix)).sort()).toEqual(
          [...new Set(parts.map(ipPrefixText))].sort(),
        );
      }),
    );
  });

  it.each([
    ['192.0.2.7', 24, true],
    // The last bit that it has in common with 192.0.2.0/24, and the one in which it differs.
    ['192.0.3.7', 24, false],
    ['64.0.0.1', 1, false],
    ['2001:db8::1', 0, false],
  ])('tells how far %s leads towards them', (address, bits, isInside) => {
    const trie = trieOf([parseIpPrefix('192.0.2.0/24')]);
    expect(trie.bitsTowards(parseIpPrefix(address).octets)).toEqual({ bits, isInside });
  });
});
