/** What the header of a zstd frame says (RFC 8878 section 3.1.1.1). */
export interface ZstdFrameHeader {
  /** Octets that the expander looks back at; memory of that size is needed. */
  readonly windowBytes: number;
  /** Octets that the frame expands to; undefined where it does not tell. */
  readonly contentBytes: number | undefined;
  /** 0 where none is needed. */
  readonly dictionaryId: number;
  readonly hasChecksum: boolean;
  /** A bit is set that has no meaning yet. */
  readonly reserved: boolean;
  /** The header, magic number included, as that of a frame without a checksum. */
  readonly octetsWithoutChecksum: Uint8Array;
}

/** First octets of a frame. */
export const zstdMagic: readonly number[] = [0x28, 0xb5, 0x2f, 0xfd];

/** Whether octets begin a frame that is to be passed over (RFC 8878 section 3.1.2): 0x184D2A5?, little-endian. */
export const isSkippable = ([a, b, c, d]: Uint8Array): boolean =>
  (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18;

/** Bits of the frame header descriptor, the octet behind the magic number. */
const singleSegment = 0x20;
const reservedBit = 0x08;
const checksumBit = 0x04;

/** Octets of the dictionary id and the content size by the two bits that tell them. */
const dictionaryLengths = [0, 1, 2, 4];
const contentLengths = [0, 2, 4, 8];

/**
 * Reads the header of a frame.
 *
 * @param described the magic number and the descriptor behind it
 * @param need gives so many octets from the beginning of the frame
 */
export async function readZstdFrameHeader(
  described: Uint8Array,
  need: (length: number) => Promise<Uint8Array>,
): Promise<ZstdFrameHeader> {
  const descriptor = described[4];
  const isSingle = (descriptor & singleSegment) !== 0;
  const windowLength = isSingle ? 0 : 1;
  const dictionaryLength = dictionaryLengths[descriptor & 3];
  const contentLength = isSingle && descriptor >> 6 === 0 ? 1 : contentLengths[descriptor >> 6];
  const dictionaryAt = 5 + windowLength;
  const contentAt = dictionaryAt + dictionaryLength;
  const octets = (await need(contentAt + contentLength)).slice();
  const content = readInteger(octets, contentAt, contentLength);
  const contentBytes = contentLength === 0 ? undefined : contentLength === 2 ? content + 256 : content;
  octets[4] &= ~checksumBit;
  return {
    windowBytes: contentBytes !== undefined && isSingle ? contentBytes : windowOf(octets[5]),
    contentBytes,
    dictionaryId: readInteger(octets, dictionaryAt, dictionaryLength),
    hasChecksum: (descriptor & checksumBit) !== 0,
    reserved: (descriptor & reservedBit) !== 0,
    octetsWithoutChecksum: octets,
  };
}

/** A power of two of at least 1 KiB, and eighths of it (RFC 8878 section 3.1.1.1.2). */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** A little-endian integer; above 2^53 it is not exact, which is above every limit as well. */
function readInteger(octets: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + octets[at + i];
  return value;
}
