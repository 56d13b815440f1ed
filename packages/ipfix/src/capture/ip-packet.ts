import { readUint16, readUint32 } from '../message/network-byte-order.ts';
import { ipv4Text, ipv6Text } from '../record/address-text.ts';

/** Who sent something to whom. */
export interface IpEnds {
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly destinationAddress: string;
  readonly destinationPort: number;
}

/** A TCP segment; of its header what it takes to put a stream together. */
export interface TcpSegment extends IpEnds {
  readonly kind: 'tcp';
  /** Modulo 2^32, of the first octet of the payload. */
  readonly sequenceNumber: number;
  /** The first octet of the payload comes behind this segment: it opens the connection. */
  readonly syn: boolean;
  /** The connection is over behind this segment. */
  readonly ends: boolean;
  /** Part of the packet given. */
  readonly payload: Uint8Array;
}

/** What an IP packet turned out to hold. */
export type IpContent =
  | (IpEnds & {
      readonly kind: 'udp';
      /** Part of the packet given. */
      readonly payload: Uint8Array;
    })
  | TcpSegment
  | { readonly kind: 'fragment' | 'truncated' | 'other-protocol' | 'not-ip' };

const tcp = 6;
const udp = 17;
const tcpHeaderLength = 20;
const udpHeaderLength = 8;

/** Extension headers of IPv6 that are looked behind (RFC 8200 section 4), beside the fragment header. */
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const destinationOptions = 60;

/** Extension headers in front of a UDP or TCP header that are looked behind. */
const maxExtensionHeaders = 8;

/** Takes apart an IPv4 (RFC 791) or IPv6 (RFC 8200) packet that may hold a UDP datagram or TCP segment. */
export function readIpPacket(packet: Uint8Array): IpContent {
  if (packet.length < 1) return { kind: 'not-ip' };
  const version = packet[0] >> 4;
  if (version === 4) return readIpv4(packet);
  return version === 6 ? readIpv6(packet) : { kind: 'not-ip' };
}

function readIpv4(packet: Uint8Array): IpContent {
  if (packet.length < 20) return { kind: 'truncated' };
  const headerLength = 4 * (packet[0] & 15);
  if (headerLength < 20) return { kind: 'not-ip' };
  const protocol = packet[9];
  if (protocol !== udp && protocol !== tcp) return { kind: 'other-protocol' };
  // More fragments to come, or not the first one.
  if ((readUint16(packet, 6) & 0x3fff) !== 0) return { kind: 'fragment' };
  const text = (at: number) => ipv4Text(readUint32(packet, at));
  // Frames may be longer than the packet in them: short ones are padded.
  // A segment that the network card was to divide has no length yet.
  const length = readUint16(packet, 2) || packet.length;
  return protocol === tcp
    ? readTcp(packet, headerLength, length, text(12), text(16))
    : readUdp(packet, headerLength, text(12), text(16));
}

function readIpv6(packet: Uint8Array): IpContent {
  if (packet.length < 40) return { kind: 'truncated' };
  let next = packet[6];
  let at = 40;
  for (let headers = 0; next !== udp && next !== tcp; headers++) {
    if (headers === maxExtensionHeaders) return { kind: 'other-protocol' };
    const isExtension =
      next === hopByHop || next === routing || next === destinationOptions || next === authentication;
    if (!isExtension && next !== fragment) return { kind: 'other-protocol' };
    if (packet.length < at + 8) return { kind: 'truncated' };
    if (next === fragment) {
      // An atomic fragment (RFC 6946) is a whole packet all the same.
      if ((readUint16(packet, at + 2) & 0xfff9) !== 0) return { kind: 'fragment' };
      next = packet[at];
      at += 8;
    } else {
      const length = next === authentication ? 4 * (packet[at + 1] + 2) : 8 * (packet[at + 1] + 1);
      next = packet[at];
      at += length;
    }
  }
  const ends = [ipv6Text(packet, 8), ipv6Text(packet, 24)] as const;
  if (next === udp) return readUdp(packet, at, ...ends);
  const length = 40 + readUint16(packet, 4);
  return readTcp(packet, at, length === 40 ? packet.length : length, ...ends);
}

/** TCP (RFC 9293 section 3.1) tells no length of its own: the payload goes to the end of the packet. */
function readTcp(
  packet: Uint8Array,
  at: number,
  end: number,
  sourceAddress: string,
  destinationAddress: string,
): IpContent {
  if (end > packet.length || end < at + tcpHeaderLength) return { kind: 'truncated' };
  const start = at + 4 * (packet[at + 12] >> 4);
  if (start < at + tcpHeaderLength || start > end) return { kind: 'not-ip' };
  const flags = packet[at + 13];
  const syn = (flags & 0x02) !== 0;
  return {
    kind: 'tcp',
    sourceAddress,
    sourcePort: readUint16(packet, at),
    destinationAddress,
    destinationPort: readUint16(packet, at + 2),
    // The SYN itself has a number.
    sequenceNumber: (readUint32(packet, at + 4) + (syn ? 1 : 0)) >>> 0,
    syn,
    ends: (flags & 0x05) !== 0,
    payload: packet.subarray(start, end),
  };
}

function readUdp(
  packet: Uint8Array,
  at: number,
  sourceAddress: string,
  destinationAddress: string,
): IpContent {
  if (packet.length < at + udpHeaderLength) return { kind: 'truncated' };
  const length = readUint16(packet, at + 4);
  if (length < udpHeaderLength) return { kind: 'not-ip' };
  if (packet.length < at + length) return { kind: 'truncated' };
  return {
    kind: 'udp',
    sourceAddress,
    sourcePort: readUint16(packet, at),
    destinationAddress,
    destinationPort: readUint16(packet, at + 2),
    payload: packet.subarray(at + udpHeaderLength, at + length),
  };
}
