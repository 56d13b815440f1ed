import { isIPv4, isIPv6 } from 'node:net';
import { EventError } from './event-error.ts';

/**
 * Octets of an IPv4 (4) or IPv6 (16) address given as text.
 * @throws EventError `EVENT_BAD_ADDRESS` for anything else, scoped addresses (`fe80::1%eth0`) among it.
 */
export function addressToOctets(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (!isIPv6(text) || text.includes('%')) {
    throw new EventError('EVENT_BAD_ADDRESS', `not an IPv4 or IPv6 address: "${text}"`);
  }
  const octets = new Uint8Array(16);
  const [head, tail] = text.split('::');
  const left = groupOctets(head);
  octets.set(left);
  if (tail !== undefined) {
    const right = groupOctets(tail);
    octets.set(right, 16 - right.length);
  }
  return octets;
}

/**
 * Text of 4 or 16 octets; IPv6 in the canonical form of RFC 5952: lower case, the first longest run of two or
 * more zero groups shortened. Undefined for any other number of octets.
 */
export function octetsToAddress(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return undefined;
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((octets[i] << 8) | octets[i + 1]);
  let runStart = -1;
  let runLength = 1;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > runLength) {
      runStart = start;
      runLength = end - start;
    }
  }
  const hex = groups.map((group) => group.toString(16));
  if (runStart < 0) return hex.join(':');
  return `${hex.slice(0, runStart).join(':')}::${hex.slice(runStart + runLength).join(':')}`;
}

function groupOctets(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
