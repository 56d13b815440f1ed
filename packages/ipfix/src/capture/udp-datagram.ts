import { readUint16, readUint32 } from '../message/network-byte-order.ts';
import { ipv4Text, ipv6Text } from '../record/address-text.ts';

/** What an IP packet turned out to hold. */
export type IpContent =
  | {
      readonly kind: 'udp';
      readonly sourceAddress: string;
      readonly sourcePort: number;
      readonly destinationAddress: string;
      readonly destinationPort: number;
      /** Part of the packet given. */
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'fragment' | 'truncated' | 'other-protocol' | 'not-ip' };

const udp = 17;
const udpHeaderLength = 8;

/** Extension headers of IPv6 that are looked behind (RFC 8200 section 4), beside the fragment header. */
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const destinationOptions = 60;

/** Extension headers in front of a UDP header that are looked behind. */
const maxExtensionHeaders = 8;

/** Takes apart an IPv4 (RFC 791) or IPv6 (RFC 8200) packet that may hold a UDP datagram. */
export function readUdpDatagram(packet: Uint8Array): IpContent {
  if (packet.length < 1) return { kind: 'not-ip' };
  const version = packet[0] >> 4;
  if (version === 4) return readIpv4(packet);
  return version === 6 ? readIpv6(packet) : { kind: 'not-ip' };
}

function readIpv4(packet: Uint8Array): IpContent {
  if (packet.length < 20) return { kind: 'truncated' };
  const headerLength = 4 * (packet[0] & 15);
  if (headerLength < 20) return { kind: 'not-ip' };
  if (packet[9] !== udp) return { kind: 'other-protocol' };
  // More fragments to come, or not the first one.
  if ((readUint16(packet, 6) & 0x3fff) !== 0) return { kind: 'fragment' };
  const text = (at: number) => ipv4Text(readUint32(packet, at));
  return readUdp(packet, headerLength, text(12), text(16));
}

function readIpv6(packet: Uint8Array): IpContent {
  if (packet.length < 40) return { kind: 'truncated' };
  let next = packet[6];
  let at = 40;
  for (let headers = 0; next !== udp; headers++) {
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
  return readUdp(packet, at, ipv6Text(packet, 8), ipv6Text(packet, 24));
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
