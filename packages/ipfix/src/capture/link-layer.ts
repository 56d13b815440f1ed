import { readUint16 } from '../message/network-byte-order.ts';

const ethernetIpv4 = 0x0800;
const ethernetIpv6 = 0x86dd;
const ethernetMpls = 0x8847;
const ethernetPppoe = 0x8864;

/** PPP protocols (RFC 1661) that are IP. */
const pppIpv4 = 0x0021;
const pppIpv6 = 0x0057;

/** Labels of an MPLS stack that are looked behind. */
const maxMplsLabels = 8;

/** EtherTypes of VLAN tags: IEEE 802.1Q, 802.1ad, and the one used before it. */
const vlanTags: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);

/** VLAN tags in front of a packet that are looked behind. */
const maxVlanTags = 4;

/**
 * Where the IP packet begins in a frame of this LINKTYPE_ (the registry of tcpdump.org); `not-ip` where the frame
 * holds something else, `unknown` where the link type is none of those supported: BSD loopback, Ethernet (behind VLAN
 * tags, MPLS labels and PPPoE), PPP, raw IP, Linux cooked captures.
 */
export function findIpPacket(linkType: number, frame: Uint8Array): number | 'not-ip' | 'unknown' {
  switch (linkType) {
    case 0: // NULL: the address family in the order of octets of the capturing host
    case 108: // LOOP: the same in network byte order
      return loopbackPacket(frame);
    case 1: // ETHERNET
      return behindEtherType(frame, 12);
    case 9: // PPP, with or without the octets of HDLC in front
    case 50: // PPP_HDLC
      return frame[0] === 0xff && frame[1] === 0x03 ? pppPacket(frame, 2) : pppPacket(frame, 0);
    case 51: // PPP_ETHER
      return pppPacket(frame, 6);
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
  if (type === ethernetMpls) return labelledPacket(frame, at);
  // PPPoE (RFC 2516 section 4): version, code, session and length in front of the PPP protocol.
  if (type === ethernetPppoe) return pppPacket(frame, at + 6);
  return type === ethernetIpv4 || type === ethernetIpv6 ? at : 'not-ip';
}

function pppPacket(frame: Uint8Array, at: number): number | 'not-ip' {
  if (frame.length < at + 2) return 'not-ip';
  const protocol = readUint16(frame, at);
  return protocol === pppIpv4 || protocol === pppIpv6 ? at + 2 : 'not-ip';
}

/** Behind the bottom of an MPLS stack (RFC 3032 section 2.1); that it is IP shows only by its version. */
function labelledPacket(frame: Uint8Array, at: number): number | 'not-ip' {
  for (let labels = 0; labels < maxMplsLabels; labels++) {
    const label = at + 4 * labels;
    if (frame.length < label + 5) break;
    const isBottom = (frame[label + 2] & 1) === 1;
    if (isBottom) return frame[label + 4] >> 4 === 4 || frame[label + 4] >> 4 === 6 ? label + 4 : 'not-ip';
  }
  return 'not-ip';
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
