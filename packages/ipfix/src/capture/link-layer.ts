import { readUint16 } from '../message/network-byte-order.ts';

const ethernetIpv4 = 0x0800;
const ethernetIpv6 = 0x86dd;

/** EtherTypes of VLAN tags: IEEE 802.1Q, 802.1ad, and the one used before it. */
const vlanTags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);

/** VLAN tags in front of a packet that are looked behind. */
const maxVlanTags = 4;

/**
 * Where the IP packet begins in a frame of this LINKTYPE_ (the registry of tcpdump.org); `not-ip` where the frame
 * holds something else, `unknown` where the link type is none of those supported: BSD loopback, Ethernet, raw IP,
 * Linux cooked captures.
 */
export function findIpPacket(linkType: number, frame: Uint8Array): number | 'not-ip' | 'unknown' {
  switch (linkType) {
    case 0: // NULL: the address family in the order of octets of the capturing host
    case 108: // LOOP: the same in network byte order
      return loopbackPacket(frame);
    case 1: // ETHERNET
      return behindEtherType(frame, 12);
    case 12: // RAW, as it is numbered on most systems
    case 14: // RAW on OpenBSD
    case 101: // RAW
    case 228: // IPV4
    case 229: // IPV6
      return 0;
    case 113: // LINUX_SLL
      return behindEtherType(frame, 14);
    case 276: // LINUX_SLL2, whose protocol comes first in a header of 20 octets
      return frame.length < 20 ? 'not-ip' : taggedPacket(frame, readUint16(frame, 0), 20);
    default:
      return 'unknown';
  }
}

const behindEtherType = (frame: Uint8Array, at: number) =>
  frame.length < at + 2 ? 'not-ip' : taggedPacket(frame, readUint16(frame, at), at + 2);

/** Looks behind VLAN tags: 2 octets of tag, then the EtherType of what follows. */
function taggedPacket(frame: Uint8Array, etherType: number, behind: number): number | 'not-ip' {
  let type = etherType;
  let at = behind;
  for (let tags = 0; vlanTags.has(type) && tags < maxVlanTags && at + 4 <= frame.length; tags++) {
    type = readUint16(frame, at + 2);
    at += 4;
  }
  return type === ethernetIpv4 || type === ethernetIpv6 ? at : 'not-ip';
}

/** AF_INET is 2 everywhere; AF_INET6 is 24, 28 or 30 on the BSDs and 10 on Linux. */
const addressFamilies: ReadonlySet<number> = new Set([2, 10, 24, 28, 30]);

function loopbackPacket(frame: Uint8Array): number | 'not-ip' {
  if (frame.length < 4) return 'not-ip';
  // One of the two orders of octets has the family in its lowest octet and nothing elsewhere.
  const [a, b, c, d] = frame;
  const family = a !== 0 ? (b | c | d) === 0 && a : (b | c) === 0 && d;
  return family !== false && addressFamilies.has(family) ? 4 : 'not-ip';
}
