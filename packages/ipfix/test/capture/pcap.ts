/** A UDP datagram of a capture. */
export interface Datagram {
  readonly source: string;
  readonly payload: Uint8Array;
}

const linkHeaderLengths: Readonly<Record<number, number>> = { 1: 14, 101: 0, 113: 16, 228: 0 };

/** Reads the UDP payloads of a classic pcap file with IPv4 packets. */
export function* readDatagrams(file: Uint8Array): Generator<Datagram> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const littleEndian = view.getUint32(0, true) === 0xa1b2c3d4;
  const linkType = view.getUint32(20, littleEndian);
  const linkHeader = linkHeaderLengths[linkType];
  if (linkHeader === undefined) throw new Error(`link type ${linkType} is not supported`);
  for (let at = 24; at + 16 <= file.length; ) {
    const captured = view.getUint32(at + 8, littleEndian);
    let ip = at + 16 + linkHeader;
    at += 16 + captured;
    if (linkType === 1 && view.getUint16(ip - 2) === 0x8100) ip += 4;
    if (file[ip] >> 4 !== 4 || file[ip + 9] !== 17) continue;
    const udp = ip + 4 * (file[ip] & 15);
    const source = `${file.subarray(ip + 12, ip + 16).join('.')}:${view.getUint16(udp)}`;
    yield { source, payload: file.subarray(udp + 8, Math.min(udp + view.getUint16(udp + 4), at)) };
  }
}
