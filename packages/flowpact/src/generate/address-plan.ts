import type { Random } from './random.ts';

/** An IPv4 network: its first address as an unsigned 32-bit number and its prefix length. */
export interface Network {
  readonly first: number;
  readonly prefixLength: number;
}

/**
 * Who lives where. Only ranges that never carry real hosts: 198.18.0.0/15 is set aside for benchmarks (RFC 2544),
 * 100.64.0.0/10 is shared space (RFC 6598), 203.0.113.0/24 is for documentation (RFC 5737).
 */
export const addressPlan = {
  /** The observed network. */
  inside: network('198.18.0.0', 16),
  /** Web servers inside: the first addresses of 198.18.80.0/22. */
  webServers: network('198.18.80.0', 22),
  monitoringHost: address('198.18.0.10'),
  nameServers: [address('198.18.0.53'), address('198.18.1.53')],
  /** Everybody else's hosts. */
  outside: network('100.64.0.0', 16),
  /** The partner's network, where the attacker sits. */
  attackers: network('203.0.113.0', 24),
} as const;

export function address(text: string): number {
  return text.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

export function addressText(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** The IPv6 address of the same host, within 2001:db8::/32, which is for documentation (RFC 3849). */
export function ipv6AddressText(value: number): string {
  return `2001:db8:${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}::1`;
}

function network(first: string, prefixLength: number): Network {
  return { first: address(first), prefixLength };
}

/** Any host of a network, neither its first nor its last address. */
export function hostOf({ first, prefixLength }: Network, random: Random): number {
  return first + random.between(1, 2 ** (32 - prefixLength) - 2);
}

/**
 * A host outside, some much more often than others, as in real traffic: the density falls with the square root of
 * the rank, so that a quarter of the hosts make half of the flows.
 */
export function outsideHost(random: Random): number {
  const hosts = 2 ** (32 - addressPlan.outside.prefixLength) - 2;
  return addressPlan.outside.first + 1 + Math.floor(hosts * random.next() ** 2);
}
