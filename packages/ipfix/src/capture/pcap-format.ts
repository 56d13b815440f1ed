import type { BlockBuffer } from '../file/block-buffer.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { CaptureFormat, CaptureFormatDeps } from './capture-format.ts';

/** Octets of the file header and of the header in front of each packet. */
const fileHeaderLength = 24;
const packetHeaderLength = 16;

/** By the magic number: order of octets, and units of a second's fraction. */
const variants: ReadonlyMap<number, { readonly littleEndian: boolean; readonly unitsPerMs: number }> =
  new Map([
    [0xa1b2c3d4, { littleEndian: false, unitsPerMs: 1e3 }],
    [0xd4c3b2a1, { littleEndian: true, unitsPerMs: 1e3 }],
    [0xa1b23c4d, { littleEndian: false, unitsPerMs: 1e6 }],
    [0x4d3cb2a1, { littleEndian: true, unitsPerMs: 1e6 }],
  ]);

/** Whether a file that begins with this number (read in network byte order) is a pcap capture. */
export const isPcap = (magic: number): boolean => variants.has(magic);

/**
 * The classic format of libpcap (draft-ietf-opsawg-pcap): a file header, then packets, each with a header of its
 * own. A packet longer than `maxBlockLength` is skipped and counted.
 */
export function createPcapFormat({ maxBlockLength, stats, onPacket }: CaptureFormatDeps): CaptureFormat {
  let header: { littleEndian: boolean; unitsPerMs: number; linkType: number } | undefined;

  function readHeader(buffer: BlockBuffer): boolean {
    const octets = buffer.peek(fileHeaderLength);
    if (octets === undefined) return false;
    const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    const variant = variants.get(view.getUint32(0));
    if (variant === undefined) throw new IpfixError('IPFIX_BAD_CAPTURE', 'no pcap capture', { offset: 0 });
    // The upper bits tell the length of a frame check sequence, which nothing here looks at.
    header = { ...variant, linkType: view.getUint32(20, variant.littleEndian) & 0xffff };
    buffer.skip(fileHeaderLength);
    return true;
  }

  return {
    read(buffer) {
      if (header === undefined && !readHeader(buffer)) return;
      const { littleEndian, unitsPerMs, linkType } = header as NonNullable<typeof header>;
      for (;;) {
        const start = buffer.peek(packetHeaderLength);
        if (start === undefined) return;
        const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
        const captured = view.getUint32(8, littleEndian);
        if (captured > maxBlockLength) {
          stats.oversizedBlocks++;
          buffer.skip(packetHeaderLength + captured);
          continue;
        }
        const whole = buffer.peek(packetHeaderLength + captured);
        if (whole === undefined) return;
        const timeMs = view.getUint32(0, littleEndian) * 1000 + view.getUint32(4, littleEndian) / unitsPerMs;
        const wireLength = view.getUint32(12, littleEndian);
        buffer.skip(whole.length);
        onPacket({ linkType, timeMs, octets: whole.subarray(packetHeaderLength), wireLength });
      }
    },
  };
}
