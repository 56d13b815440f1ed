import { type IpPrefix, prefixOfOctets } from '@flowpact/event';
import { joinPrefixes } from '../candidate/prefix-list.ts';

/** How far networks are put together, from the least on. */
const steps = [
  { ipv4: 32, ipv6: 128 },
  { ipv4: 24, ipv6: 64 },
  { ipv4: 20, ipv6: 56 },
  { ipv4: 16, ipv6: 48 },
  { ipv4: 12, ipv6: 40 },
  { ipv4: 8, ipv6: 32 },
  { ipv4: 4, ipv6: 16 },
  { ipv4: 0, ipv6: 0 },
];

/** At most so many networks (2 at least) that have all of these in them, and others perhaps. */
export function coverPrefixes(prefixes: readonly IpPrefix[], most: number): readonly IpPrefix[] {
  let covers: readonly IpPrefix[] = [];
  for (const { ipv4, ipv6 } of steps) {
    covers = joinPrefixes(
      prefixes.map(({ octets, length }) =>
        prefixOfOctets(octets, Math.min(length, octets.length === 4 ? ipv4 : ipv6)),
      ),
    );
    if (covers.length <= most) return covers;
  }
  return covers;
}
