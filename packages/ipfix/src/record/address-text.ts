import { createOctetsCache } from './octets-cache.ts';

const slots = 65536;
const ipv4Keys = new Int32Array(slots);
// Every slot begins as the entry of address 0, so that no lookup has to ask whether a slot is filled.
const ipv4Texts: string[] = new Array(slots).fill('0.0.0.0');

/** Dotted text of an IPv4 address given as an integer; kept in a direct-mapped cache of 65,536 strings. */
export function ipv4Text(address: number): string {
  const key = address | 0;
  const slot = Math.imul(key, 0x9e3779b1) >>> 16;
  if (ipv4Keys[slot] === key) return ipv4Texts[slot];
  const text = `${key >>> 24}.${(key >>> 16) & 255}.${(key >>> 8) & 255}.${key & 255}`;
  ipv4Keys[slot] = key;
  ipv4Texts[slot] = text;
  return text;
}

/** Text of the IPv6 address in the 16 octets from `start`, as RFC 5952 recommends it. */
function formatIpv6(bytes: Uint8Array, start: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[start + i] << 8) | bytes[start + i + 1]);
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (mapped) return `::ffff:${ipv4Text((groups[6] << 16) | groups[7])}`;

  // The longest run of at least two zero groups becomes `::`; of equal ones, the first (section 4.2).
  let runStart = -1;
  let runLength = 1;
  for (let i = 0; i < 8; ) {
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > runLength) {
      runStart = i;
      runLength = j - i;
    }
    i = j === i ? i + 1 : j;
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return runStart < 0 ? hex(0, 8) : `${hex(0, runStart)}::${hex(runStart + runLength, 8)}`;
}

function formatMac(bytes: Uint8Array, start: number): string {
  let text = '';
  for (let i = 0; i < 6; i++) text += (i === 0 ? '' : ':') + bytes[start + i].toString(16).padStart(2, '0');
  return text;
}

const ipv6Texts = createOctetsCache(8192, 16, formatIpv6);
const macTexts = createOctetsCache(4096, 6, formatMac);

/** Text of the IPv6 address at `start`, as RFC 5952 recommends it; through a cache of 8,192 strings. */
export const ipv6Text = (bytes: Uint8Array, start: number) => ipv6Texts.get(bytes, start, start + 16);

/** Text of the MAC address at `start`: lower case, colons; through a cache of 4,096 strings. */
export const macText = (bytes: Uint8Array, start: number) => macTexts.get(bytes, start, start + 6);
