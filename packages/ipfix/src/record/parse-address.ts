import { isIPv6 } from 'node:net';

/** The address of a dotted text as an unsigned integer; undefined where it is none. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = address * 256 + Number(part);
  }
  return address;
}

/** The eight groups of 16 bits of an IPv6 address's text; undefined where it is none or has a zone. */
export function parseIpv6(text: string): number[] | undefined {
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const groupsOf = (half: string): number[] =>
    half === ''
      ? []
      : half.split(':').flatMap((group) => {
          const ipv4 = parseIpv4(group);
          return ipv4 === undefined ? [Number.parseInt(group, 16)] : [ipv4 >>> 16, ipv4 & 0xffff];
        });
  const [head, tail] = text.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The 48 bits of a MAC address's text (`00:00:5e:00:53:01`) as an unsigned integer. */
export function parseMac(text: string): number | undefined {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text)
    ? Number.parseInt(text.replace(/[:-]/g, ''), 16)
    : undefined;
}
