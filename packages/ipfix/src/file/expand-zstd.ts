import { Decompress } from 'fzstd';
import { IpfixError } from '../ipfix-error.ts';
import { BlockBuffer } from './block-buffer.ts';
import { createXxHash64, type XxHash64 } from './xxhash64.ts';
import { isSkippable, readZstdFrameHeader, type ZstdFrameHeader, zstdMagic } from './zstd-frame-header.ts';

export interface ExpandZstdConfig {
  /** What messages call the input. */
  readonly name: string;
  /** Largest window that is held, octets. */
  readonly maxWindowBytes: number;
}

/** Octets of a block header, and most that a block expands to (RFC 8878 section 3.1.1.2). */
const blockHeaderLength = 3;
const longestBlock = 128 * 1024;

/** Types of blocks: 0 is raw, 2 is compressed. */
const repeatedOctet = 1;
const reservedType = 3;

/**
 * Expands zstd (RFC 8878): any number of frames one behind the other, skippable ones among them. Frames are taken
 * apart into blocks here, so that memory holds one window and a block, and nothing is expanded before it is asked
 * for; `fzstd` expands the blocks. Lengths and checksums that frames tell are compared with what came out.
 *
 * @throws IpfixError while iterating: `IPFIX_IO` with the offset where the octets are no zstd, damaged or cut off;
 *   `IPFIX_UNSUPPORTED` for a window above the limit or a dictionary
 */
export async function* expandZstd(
  chunks: AsyncGenerator<Uint8Array, void, void>,
  { name, maxWindowBytes }: ExpandZstdConfig,
): AsyncGenerator<Uint8Array, void, void> {
  const buffer = new BlockBuffer();

  function damaged(what: string, offset: number, cause?: unknown): IpfixError {
    return new IpfixError('IPFIX_IO', `${name} is damaged zstd: ${what} at octet ${offset}`, {
      offset,
      cause,
    });
  }

  /** Reads on until so many octets are there; false where the input ends before. */
  async function fill(length: number): Promise<boolean> {
    while (buffer.available < length) {
      const { value, done } = await chunks.next();
      if (done) return false;
      buffer.push(value);
    }
    return true;
  }

  async function need(length: number, what: string): Promise<Uint8Array> {
    const start = buffer.offset;
    if (!(await fill(length))) {
      throw damaged(`it ends at octet ${start + buffer.available}, within ${what}`, start);
    }
    return buffer.peek(length) as Uint8Array;
  }

  async function skipFrame(): Promise<void> {
    const start = buffer.offset;
    const header = await need(8, 'a skippable frame');
    const length = new DataView(header.buffer, header.byteOffset).getUint32(4, true);
    buffer.skip(8 + length);
    // What has not come yet is passed over as it comes.
    while (buffer.isSkipping) {
      const { value, done } = await chunks.next();
      if (done) throw damaged('it ends within the skippable frame', start);
      buffer.push(value);
    }
  }

  async function readHeader(): Promise<ZstdFrameHeader> {
    const { offset } = buffer;
    const described = await need(zstdMagic.length + 1, 'a frame header');
    const header = await readZstdFrameHeader(described, (length) => need(length, 'a frame header'));
    const { dictionaryId, windowBytes, reserved } = header;
    if (reserved) throw damaged('a reserved bit is set in the frame header', offset);
    if (dictionaryId !== 0) {
      const message = `${name} is zstd that needs dictionary ${dictionaryId}, which is not supported: expand it first`;
      throw new IpfixError('IPFIX_UNSUPPORTED', message, { offset });
    }
    if (windowBytes > maxWindowBytes) {
      const message = `${name} is zstd with a window of ${windowBytes} octets; raise maxZstdWindowBytes, which is ${maxWindowBytes}, or compress it without --long`;
      throw new IpfixError('IPFIX_UNSUPPORTED', message, { offset });
    }
    return header;
  }

  /** Takes the next block with its header; whether it is the last one is told by the first bit. */
  async function takeBlock({ windowBytes }: ZstdFrameHeader): Promise<Uint8Array> {
    const { offset } = buffer;
    const [a, b, c] = await need(blockHeaderLength, 'a block header');
    const type = (a >> 1) & 3;
    const size = (a >> 3) | (b << 5) | (c << 13);
    if (type === reservedType || size > Math.min(longestBlock, windowBytes)) {
      throw damaged(`a block of type ${type} and ${size} octets cannot be`, offset);
    }
    const length = blockHeaderLength + (type === repeatedOctet ? 1 : size);
    const block = await need(length, 'a block');
    buffer.skip(length);
    return block;
  }

  /** Compares what came out of a frame with what the frame says of it. */
  async function checkFrame(
    { contentBytes, hasChecksum }: ZstdFrameHeader,
    expandedBytes: number,
    hash: XxHash64 | undefined,
  ): Promise<void> {
    const { offset } = buffer;
    if (contentBytes !== undefined && contentBytes !== expandedBytes) {
      throw damaged(`a frame told as ${contentBytes} octets expands to ${expandedBytes}; it ends`, offset);
    }
    if (!hasChecksum || hash === undefined) return;
    const checksum = await need(4, 'a checksum');
    const told = new DataView(checksum.buffer, checksum.byteOffset).getUint32(0, true);
    if (told !== hash.low32()) throw damaged('the checksum of a frame is wrong', offset);
    buffer.skip(4);
  }

  async function* expandFrame(): AsyncGenerator<Uint8Array, void, void> {
    const header = await readHeader();
    const hash = header.hasChecksum ? createXxHash64() : undefined;
    let expandedBytes = 0;
    let pieces: Uint8Array[] = [];
    const expander = new Decompress((piece) => {
      if (piece.length > 0) pieces.push(piece);
    });
    expander.push(header.octetsWithoutChecksum);
    buffer.skip(header.octetsWithoutChecksum.length);
    for (let isLast = false; !isLast; ) {
      const { offset } = buffer;
      const block = await takeBlock(header);
      isLast = (block[0] & 1) === 1;
      try {
        expander.push(block, isLast);
      } catch (cause) {
        throw damaged(`the block (${(cause as Error).message})`, offset, cause);
      }
      for (const piece of pieces) {
        expandedBytes += piece.length;
        hash?.update(piece);
        yield piece;
      }
      pieces = [];
    }
    await checkFrame(header, expandedBytes, hash);
  }

  while (await fill(1)) {
    const magic = await need(zstdMagic.length, 'a magic number');
    if (isSkippable(magic)) await skipFrame();
    else if (zstdMagic.every((octet, i) => magic[i] === octet)) yield* expandFrame();
    else throw damaged('neither a frame nor the end', buffer.offset);
  }
}
