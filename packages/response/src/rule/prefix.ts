import { type IpPrefix, prefixOfOctets } from '@flowpact/event';

/** Whether every address of `inner` is one of `outer`. Prefixes of different families have nothing to do with each other. */
export function containsPrefix(outer: IpPrefix, inner: IpPrefix): boolean {
  if (outer.octets.length !== inner.octets.length || outer.length > inner.length) return false;
  return Buffer.compare(prefixOfOctets(inner.octets, outer.length).octets, outer.octets) === 0;
}

/** Whether there is an address that both have: of two prefixes that meet, one contains the other. */
export function prefixesMeet(one: IpPrefix, other: IpPrefix): boolean {
  return containsPrefix(one, other) || containsPrefix(other, one);
}

/**
 * Where addresses of IPv6 stand for addresses of IPv4, and from which bit on: IPv4-mapped (RFC 4291, section 2.5.5.2),
 * translated (RFC 6052, section 2.1), 6to4 (RFC 3056, section 2).
 */
const embeddings: readonly IpPrefix[] = [
  { octets: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0), length: 96 },
  { octets: Uint8Array.of(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), length: 96 },
  { octets: Uint8Array.of(0x20, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), length: 16 },
];

/** The prefix, and those of IPv4 that it stands for as well: `::ffff:192.0.2.0/120` is `192.0.2.0/24` too. */
export function allMeaningsOf(prefix: IpPrefix): readonly IpPrefix[] {
  const embedded = embeddings
    .filter((embedding) => prefixesMeet(embedding, prefix))
    .map(({ length }) =>
      prefixOfOctets(
        prefix.octets.subarray(length / 8, length / 8 + 4),
        Math.min(32, Math.max(0, prefix.length - length)),
      ),
    );
  return [prefix, ...embedded];
}
