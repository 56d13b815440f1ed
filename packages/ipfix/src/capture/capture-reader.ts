import type { Readable } from 'node:stream';
import type { ExporterAddress } from '../collector/collector.ts';
import { BlockBuffer } from '../file/block-buffer.ts';
import { inputName, type OctetSourceConfig, readOctets } from '../file/octet-source.ts';
import { IpfixError } from '../ipfix-error.ts';
import { readUint32 } from '../message/network-byte-order.ts';
import type { CaptureFormat, CaptureFormatDeps } from './capture-format.ts';
import { type CaptureStats, createCaptureStats } from './capture-stats.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { type IpEnds, readIpPacket } from './ip-packet.ts';
import { isFlowExport } from './is-flow-export.ts';
import { findIpPacket } from './link-layer.ts';
import { createPcapFormat, isPcap } from './pcap-format.ts';
import { createPcapngFormat, isPcapng } from './pcapng-format.ts';
import { createTcpStreams } from './tcp-streams.ts';

export interface CaptureReaderConfig extends OctetSourceConfig {
  /** Takes what goes to these UDP and TCP ports, whatever it holds; default: to any port, where it looks like flow export. */
  readonly ports?: readonly number[];
  /**
   * Longest packet or pcapng block that is held, octets; longer ones are skipped and counted. Default 262,144,
   * the largest snapshot length of tcpdump. Memory is bounded by it and by a few chunks.
   */
  readonly maxBlockLength?: number;
}

/** A message on its way from an exporter, as a capture shows it: a UDP payload, or an IPFIX message of a TCP stream. */
export interface ExportDatagram {
  readonly source: ExporterAddress;
  readonly destinationAddress: string;
  readonly destinationPort: number;
  /** When it, or the end of it, was captured, milliseconds since 1970 UTC, possibly with a fraction. */
  readonly timeMs: number;
  readonly payload: Uint8Array;
}

/** Finds the export traffic in captures. */
export interface CaptureReader {
  /**
   * The messages of a pcap or pcapng capture, which may be compressed with gzip or zstd, in batches, one a chunk.
   *
   * @param input path of a file, `-` for standard input, or a stream of Buffers
   * @throws IpfixError while iterating, after the datagrams before the fault: `IPFIX_BAD_CAPTURE` with the
   *   offset, also where the capture ends within a packet; `IPFIX_IO`, `IPFIX_UNSUPPORTED`
   */
  read(input: string | Readable): AsyncGenerator<readonly ExportDatagram[], void, void>;
  /** Of all captures that this reader read. */
  readonly stats: Readonly<CaptureStats>;
}

/** @throws IpfixError `IPFIX_BAD_CONFIG` */
export function createCaptureReader(config: CaptureReaderConfig = {}): CaptureReader {
  const { ports, maxBlockLength = 262144, chunkBytes, maxZstdWindowBytes } = config;
  if (!(maxBlockLength >= 64 && maxBlockLength <= 2 ** 28)) {
    throw new IpfixError(
      'IPFIX_BAD_CONFIG',
      `maxBlockLength is ${maxBlockLength}: give 64 to 268,435,456 octets`,
    );
  }
  const stats = createCaptureStats();
  const takes = ports === undefined ? undefined : new Set(ports);
  const streams = createTcpStreams({}, { stats });

  /** Finds what a packet brings, if it is wanted; counts what became of the packet. */
  function take({ linkType, octets, timeMs }: CapturedPacket, batch: ExportDatagram[]): void {
    stats.packets++;
    const start = findIpPacket(linkType, octets);
    if (start === 'unknown') stats.unknownLinkTypes++;
    else if (start === 'not-ip') stats.notIp++;
    if (typeof start === 'string') return;
    const content = readIpPacket(octets.subarray(start));
    switch (content.kind) {
      case 'not-ip':
        stats.notIp++;
        return;
      case 'fragment':
        stats.fragments++;
        return;
      case 'truncated':
        stats.truncated++;
        return;
      case 'other-protocol':
        stats.otherProtocols++;
        return;
      case 'tcp': {
        const isWanted = takes === undefined || takes.has(content.destinationPort);
        const onMessage = (payload: Uint8Array) => batch.push(messageOf('tcp', content, timeMs, payload));
        const isTaken = isWanted && streams.take(content, onMessage);
        if (isTaken) stats.tcpSegments++;
        else stats.otherProtocols++;
        return;
      }
      case 'udp': {
        const { destinationPort, payload } = content;
        if (takes === undefined ? !isFlowExport(payload) : !takes.has(destinationPort)) {
          stats.otherDatagrams++;
          return;
        }
        stats.datagrams++;
        batch.push(messageOf('udp', content, timeMs, payload));
        return;
      }
      default:
        content satisfies never;
    }
  }

  return {
    stats,
    async *read(input) {
      let batch: ExportDatagram[] = [];
      let lastTimeMs = 0;
      const deps: CaptureFormatDeps = {
        maxBlockLength,
        stats,
        onPacket(packet) {
          take(packet, batch);
          lastTimeMs = packet.timeMs;
        },
      };
      const buffer = new BlockBuffer();
      let format: CaptureFormat | undefined;
      for await (const chunk of readOctets(input, { chunkBytes, maxZstdWindowBytes })) {
        buffer.push(chunk);
        format ??= formatOf(buffer, deps, inputName(input));
        let failure: unknown;
        try {
          format?.read(buffer);
        } catch (error) {
          failure = error;
        }
        if (batch.length > 0) yield batch;
        if (failure !== undefined) throw failure;
        batch = [];
      }
      streams.finish((payload, ends) => batch.push(messageOf('tcp', ends, lastTimeMs, payload)));
      if (batch.length > 0) yield batch;
      if (format === undefined || !buffer.isEmpty) {
        const what =
          format === undefined ? 'is no capture' : `ends within the block at octet ${buffer.offset}`;
        throw new IpfixError('IPFIX_BAD_CAPTURE', `${inputName(input)} ${what}`, { offset: buffer.offset });
      }
    },
  };
}

const messageOf = (
  transport: 'tcp' | 'udp',
  { sourceAddress: address, sourcePort: port, destinationAddress, destinationPort }: IpEnds,
  timeMs: number,
  payload: Uint8Array,
): ExportDatagram => ({
  source: { transport, address, port },
  destinationAddress,
  destinationPort,
  timeMs,
  payload,
});

/** Undefined while too few octets have come to tell. */
function formatOf(buffer: BlockBuffer, deps: CaptureFormatDeps, name: string): CaptureFormat | undefined {
  const start = buffer.peek(4);
  if (start === undefined) return undefined;
  const magic = readUint32(start, 0);
  if (isPcap(magic)) return createPcapFormat(deps);
  if (isPcapng(magic)) return createPcapngFormat(deps);
  const message = `${name} is neither pcap nor pcapng: it begins with 0x${magic.toString(16).padStart(8, '0')}`;
  throw new IpfixError('IPFIX_BAD_CAPTURE', message, { offset: 0 });
}
