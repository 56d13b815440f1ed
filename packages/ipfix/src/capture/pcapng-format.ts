import type { BlockBuffer } from '../file/block-buffer.ts';
import { IpfixError } from '../ipfix-error.ts';
import type { CaptureFormat, CaptureFormatDeps } from './capture-format.ts';

/** Block types of draft-ietf-opsawg-pcapng section 11.1. */
const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const obsoletePacket = 2;
const simplePacket = 3;
const enhancedPacket = 6;

const byteOrderMagic = 0x1a2b3c4d;

/** Type and length in front of a block's body, and the length again behind it. */
const blockHeaderLength = 8;
const blockOverhead = 12;

/** Options of an interface description. */
const timeResolution = 9;
const timeOffset = 14;

/** Interfaces of a section that are kept; packets of further ones are not read. */
const maxInterfaces = 4096;

interface CaptureInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Milliseconds of one unit of its timestamps. */
  readonly unitMs: number;
  readonly offsetMs: number;
}

/** Whether a file that begins with this number is a pcapng capture. */
export const isPcapng = (magic: number): boolean => magic === sectionHeader;

/**
 * The pcapng format (draft-ietf-opsawg-pcapng): sections in either order of octets, each with interfaces of
 * their own link type and time resolution. Blocks of other kinds, and any longer than `maxBlockLength`, are
 * skipped.
 */
export function createPcapngFormat({ maxBlockLength, stats, onPacket }: CaptureFormatDeps): CaptureFormat {
  let littleEndian = false;
  let interfaces: CaptureInterface[] = [];

  function bad(offset: number, what: string): never {
    throw new IpfixError('IPFIX_BAD_CAPTURE', `pcapng block at octet ${offset}: ${what}`, { offset });
  }

  /** A section says in its first block which order of octets it has. */
  function beginSection(start: Uint8Array, offset: number): void {
    const view = viewOf(start);
    littleEndian = view.getUint32(8, true) === byteOrderMagic;
    if (!littleEndian && view.getUint32(8) !== byteOrderMagic) bad(offset, 'its byte-order magic is unknown');
    interfaces = [];
  }

  function packet(id: number, octets: Uint8Array, wireLength: number, high: number, low: number): void {
    const known = interfaces[id];
    if (known === undefined) {
      stats.packets++;
      stats.unknownLinkTypes++;
      return;
    }
    const timeMs = known.offsetMs + (high * 2 ** 32 + low) * known.unitMs;
    onPacket({ linkType: known.linkType, timeMs, octets, wireLength });
  }

  function readBlock(type: number, body: Uint8Array, offset: number): void {
    const view = viewOf(body);
    const need = (octets: number) => {
      if (body.length < octets) bad(offset, `${body.length} octets are less than its type needs`);
    };
    /** The captured octets, which must lie within the block. */
    const captured = (from: number, length: number) => {
      if (length > body.length - from) bad(offset, 'its packet is longer than the block');
      return body.subarray(from, from + length);
    };
    if (type === enhancedPacket) {
      need(20);
      const [id, high, low, length, wire] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, littleEndian));
      packet(id, captured(20, length), wire, high, low);
    } else if (type === simplePacket) {
      need(4);
      const wire = view.getUint32(0, littleEndian);
      const snapLength = interfaces[0]?.snapLength ?? 0;
      const length = Math.min(wire, snapLength === 0 ? wire : snapLength, body.length - 4);
      packet(0, captured(4, length), wire, 0, 0);
    } else if (type === obsoletePacket) {
      need(20);
      const [high, low, length, wire] = [4, 8, 12, 16].map((at) => view.getUint32(at, littleEndian));
      packet(view.getUint16(0, littleEndian), captured(20, length), wire, high, low);
    } else if (type === interfaceDescription) {
      need(8);
      if (interfaces.length < maxInterfaces) interfaces.push(readInterface(body, littleEndian));
    }
  }

  return {
    read(buffer: BlockBuffer) {
      for (;;) {
        const start = buffer.peek(blockOverhead);
        if (start === undefined) return;
        const { offset } = buffer;
        const isSection = viewOf(start).getUint32(0) === sectionHeader;
        if (isSection) beginSection(start, offset);
        const type = viewOf(start).getUint32(0, littleEndian);
        const length = viewOf(start).getUint32(4, littleEndian);
        if (length < blockOverhead || length % 4 !== 0) bad(offset, `a length of ${length} octets cannot be`);
        if (length > maxBlockLength) {
          stats.oversizedBlocks++;
          buffer.skip(length);
          continue;
        }
        const block = buffer.peek(length);
        if (block === undefined) return;
        buffer.skip(length);
        if (!isSection) readBlock(type, block.subarray(blockHeaderLength, length - 4), offset);
      }
    },
  };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength);

/** An interface description: link type, snapshot length, and the options that say what its timestamps mean. */
function readInterface(body: Uint8Array, littleEndian: boolean): CaptureInterface {
  const view = viewOf(body);
  let unitMs = 1e-3;
  let offsetMs = 0;
  for (let at = 8; at + 4 <= body.length; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > body.length) break;
    if (code === timeResolution && length === 1) {
      // The high bit chooses between negative powers of 2 and of 10.
      const power = body[at + 4] & 0x7f;
      unitMs = 1000 * (body[at + 4] & 0x80 ? 2 ** -power : 10 ** -power);
    }
    if (code === timeOffset && length === 8) offsetMs = Number(view.getBigInt64(at + 4, littleEndian)) * 1000;
    at += 4 + length + ((4 - (length & 3)) & 3);
  }
  return {
    linkType: view.getUint16(0, littleEndian),
    snapLength: view.getUint32(4, littleEndian),
    unitMs,
    offsetMs,
  };
}
