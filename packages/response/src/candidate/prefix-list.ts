import {
  type Endpoint,
  type IpPrefix,
  ipPrefixText,
  prefixOfEndpoint,
  prefixOfOctets,
} from '@flowpact/event';
import { containsPrefix } from '../rule/prefix.ts';

/** The networks that endpoints name, each once, without those that are in another one; in their order. */
export function prefixesOf(endpoints: readonly Endpoint[]): readonly IpPrefix[] {
  return withoutContained(endpoints.map(prefixOfEndpoint).filter((prefix) => prefix !== undefined));
}

/** Keeps the order; thousands take no longer than sorting them. */
function withoutContained(prefixes: readonly IpPrefix[]): readonly IpPrefix[] {
  const kept = new Map<string, IpPrefix>();
  let last: IpPrefix | undefined;
  for (const prefix of prefixes.toSorted(comparePrefixes)) {
    if (last !== undefined && containsPrefix(last, prefix)) continue;
    last = prefix;
    kept.set(ipPrefixText(prefix), prefix);
  }
  const ordered = new Map<string, IpPrefix>();
  for (const prefix of prefixes) {
    const text = ipPrefixText(prefix);
    if (kept.has(text)) ordered.set(text, prefix);
  }
  return [...ordered.values()];
}

/** A network comes just before those that are in it. */
function comparePrefixes(a: IpPrefix, b: IpPrefix): number {
  return a.octets.length - b.octets.length || Buffer.compare(a.octets, b.octets) || a.length - b.length;
}

/** The fewest networks with exactly the same addresses: two halves become the whole. */
export function joinPrefixes(prefixes: readonly IpPrefix[]): readonly IpPrefix[] {
  const joined: IpPrefix[] = [];
  for (const prefix of [...withoutContained(prefixes)].sort(comparePrefixes)) {
    let whole = prefix;
    for (let last = joined.at(-1); last !== undefined; last = joined.at(-1)) {
      const both: IpPrefix = prefixOfOctets(last.octets, Math.max(0, last.length - 1));
      if (last.length === 0 || last.length !== whole.length || !containsPrefix(both, whole)) break;
      joined.pop();
      whole = both;
    }
    joined.push(whole);
  }
  return joined;
}

/** The shortest network that has them all in it; undefined where they are of both families, or none. */
export function coverOf(prefixes: readonly IpPrefix[]): IpPrefix | undefined {
  const [first, ...others] = prefixes;
  if (first === undefined) return undefined;
  let { length } = first;
  for (const { octets, length: otherLength } of others) {
    if (octets.length !== first.octets.length) return undefined;
    length = Math.min(length, otherLength, commonBits(first.octets, octets));
  }
  return prefixOfOctets(first.octets, length);
}

function commonBits(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i]);
  return at < 0 ? 8 * a.length : 8 * at + Math.clz32(a[at] ^ b[at]) - 24;
}

/**
 * A list of networks to look addresses up in, as fast with thousands of them as with a few: a map for each length that
 * there is.
 */
export interface PrefixIndex {
  readonly size: number;
  /** Place in the list of a network that the address is in; -1: in none. */
  find(address: Uint8Array): number;
  has(address: Uint8Array): boolean;
}

export function createPrefixIndex(prefixes: readonly IpPrefix[]): PrefixIndex {
  const lengths = new Map<string, { size: number; length: number; places: Map<string, number> }>();
  prefixes.forEach(({ octets, length }, place) => {
    const name = `${octets.length}/${length}`;
    const known = lengths.get(name) ?? { size: octets.length, length, places: new Map<string, number>() };
    lengths.set(name, known);
    known.places.set(keyOf(octets, length), place);
  });
  const each = [...lengths.values()];
  const find = (address: Uint8Array): number => {
    for (const { size, length, places } of each) {
      const place = size === address.length ? places.get(keyOf(address, length)) : undefined;
      if (place !== undefined) return place;
    }
    return -1;
  };
  return { size: prefixes.length, find, has: (address) => find(address) >= 0 };
}

/** The bits of a network, as one text. */
function keyOf(octets: Uint8Array, length: number): string {
  let key = '';
  for (let i = 0; i < octets.length && 8 * i < length; i++) {
    key += String.fromCharCode(octets[i] & (0xff00 >> Math.min(8, length - 8 * i)));
  }
  return key;
}

/** Whether it is one address alone. */
export const isHost = ({ octets, length }: IpPrefix): boolean => length === 8 * octets.length;
