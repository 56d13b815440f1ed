import { createHash } from 'node:crypto';
import { type IpPrefix, ipPrefixText, parseIpPrefix, prefixOfOctets } from '@flowpact/event';
import type { Rule, TrafficMatch } from '../../rule/rule.ts';

/**
 * How the packets of a rule are found: by the first bits of their destination (of their source, where it has none) in a
 * map, which sends them to the chain of all rules with the same prefix there. So a packet costs one look for each length of
 * a prefix, however many rules there are.
 */
export interface NftKey {
  readonly family: 'ip' | 'ip6';
  readonly field: 'daddr' | 'saddr';
  /** `d4_24`: destinations of IPv4 by their first 24 bits. */
  readonly map: string;
  /** The bits that are looked at, as an address; undefined: all of them. */
  readonly mask?: string;
  /** What stands in the map: the first address of the prefix. */
  readonly network: string;
  /** 24 hexadecimal digits of the SHA-256 of what leads there. */
  readonly chain: string;
}

/** Which end of the traffic a rule is found by. */
export const nftEnd = ({ destination }: TrafficMatch): 'destination' | 'source' =>
  destination === undefined ? 'source' : 'destination';

export function nftKey({ match }: Rule): NftKey {
  const end = nftEnd(match);
  const prefix = parseIpPrefix(match[end] ?? '');
  const { octets, length } = prefix;
  const isIpv4 = octets.length === 4;
  const map = `${end === 'destination' ? 'd' : 's'}${isIpv4 ? 4 : 6}_${length}`;
  const ones = new Uint8Array(octets.length).fill(0xff);
  return {
    family: isIpv4 ? 'ip' : 'ip6',
    field: end === 'destination' ? 'daddr' : 'saddr',
    map,
    ...(length === 8 * octets.length ? {} : { mask: firstAddress(prefixOfOctets(ones, length)) }),
    network: firstAddress(prefix),
    chain: `k${hashOf(`${map} ${ipPrefixText(prefix)}`)}`,
  };
}

const firstAddress = (prefix: IpPrefix): string => ipPrefixText(prefix).split('/', 1)[0];

export const isNftKeyChain = (name: string): boolean => /^k[0-9a-f]{24}$/.test(name);
export const isNftKeyMap = (name: string): boolean => /^[ds][46]_[0-9]{1,3}$/.test(name);

/** 24 hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
