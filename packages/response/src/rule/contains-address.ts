import type { IpPrefix } from '@flowpact/event';

/**
 * Whether an address, as 4 or 16 octets, is in the network; never where it is of the other family. Asked of every flow,
 * so that it makes nothing.
 */
export function containsAddress({ octets, length }: IpPrefix, address: Uint8Array): boolean {
  if (octets.length !== address.length) return false;
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (octets[i] !== address[i]) return false;
  const bits = length & 7;
  return bits === 0 || (octets[whole] ^ address[whole]) >> (8 - bits) === 0;
}
