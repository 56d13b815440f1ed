import { createCaptureStats } from '../../src/capture/capture-stats.ts';
import type { CapturedPacket } from '../../src/capture/captured-packet.ts';
import { readIpPacket } from '../../src/capture/ip-packet.ts';
import { findIpPacket } from '../../src/capture/link-layer.ts';
import { createPcapFormat } from '../../src/capture/pcap-format.ts';
import { BlockBuffer } from '../../src/file/block-buffer.ts';

/** A UDP datagram of a capture. */
export interface Datagram {
  readonly source: string;
  readonly payload: Uint8Array;
}

/** All UDP payloads of a pcap file at once, whatever they hold. */
export function* readDatagrams(file: Uint8Array): Generator<Datagram> {
  const packets: CapturedPacket[] = [];
  const buffer = new BlockBuffer();
  buffer.push(file);
  const onPacket = (packet: CapturedPacket) => packets.push(packet);
  createPcapFormat({ maxBlockLength: file.length, stats: createCaptureStats(), onPacket }).read(buffer);
  for (const { linkType, octets } of packets) {
    const start = findIpPacket(linkType, octets);
    const content = typeof start === 'number' ? readIpPacket(octets.subarray(start)) : undefined;
    if (content?.kind !== 'udp') continue;
    yield { source: `${content.sourceAddress}:${content.sourcePort}`, payload: content.payload };
  }
}
