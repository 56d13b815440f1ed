import { parseIpv4, parseIpv6 } from '../record/parse-address.ts';
import type { Integer, Network } from './filter-expression.ts';

const factors: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 1000n,
  m: 1000n ** 2n,
  g: 1000n ** 3n,
  t: 1000n ** 4n,
};

/** An unsigned integer of up to 64 bits: decimal, with `k`, `m`, `g` or `t` for powers of 1000, or `0x…`. */
export function parseInteger(text: string): Integer | undefined {
  const match =
    /^(?<digits>\d{1,20})(?<factor>[kmgt]?)$/i.exec(text) ?? /^(?<digits>0x[0-9a-f]{1,16})$/i.exec(text);
  if (match?.groups === undefined) return undefined;
  const value = BigInt(match.groups.digits) * factors[(match.groups.factor ?? '').toLowerCase()];
  return value < 1n << 64n ? exactInteger(value) : undefined;
}

/** A number where that is exact. */
export const exactInteger = (value: bigint): Integer =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

/**
 * A prefix: `10.0.0.0/8`, `10/8` as nfdump allows, `2001:db8::/32`; a single address has all of its bits. Bits behind
 * the prefix do not count.
 */
export function parseNetwork(text: string): Network | undefined {
  const [address, length, more] = text.split('/');
  if (more !== undefined) return undefined;
  const groups = parseIpv6(address);
  if (groups !== undefined) {
    const prefixLength = length === undefined ? 128 : parsePrefixLength(length, 128);
    return prefixLength === undefined ? undefined : { version: 6, groups, prefixLength };
  }
  const octets = address.split('.').length;
  // Octets may be left out only where a length says how many bits count.
  const dotted = length !== undefined && octets < 4 ? address + '.0'.repeat(4 - octets) : address;
  const ipv4 = parseIpv4(dotted);
  const prefixLength = length === undefined ? 32 : parsePrefixLength(length, 32);
  return ipv4 === undefined || prefixLength === undefined
    ? undefined
    : { version: 4, address: ipv4, prefixLength };
}

function parsePrefixLength(text: string, most: number): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

/** The number of leading ones of a netmask such as 255.255.0.0; undefined where ones follow zeros. */
export function parseNetmask(text: string): number | undefined {
  const mask = parseIpv4(text);
  if (mask === undefined) return undefined;
  const prefixLength = Math.clz32(~mask);
  return mask === ipv4Mask(prefixLength) >>> 0 ? prefixLength : undefined;
}

/** A mask of so many leading ones, as a signed integer. */
export const ipv4Mask = (prefixLength: number): number =>
  prefixLength === 0 ? 0 : -1 << (32 - prefixLength);

/** Milliseconds since 1970 of a date and time of ISO 8601, in UTC where it names no zone. */
export function parseTime(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text))
    return undefined;
  const zoned = !text.includes('T') || /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : ms;
}
