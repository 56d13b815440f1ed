import { crc32 } from 'node:zlib';

/**
 * A frame is the length of the entry in octets, the CRC-32 of these, and the entry in UTF-8; numbers have 32 bits, the
 * high octet first. No entry is empty, so a run of zeros, which a file system may leave behind a crash, is no frame.
 */
export const frameHeaderBytes = 8;

export function frame(entry: string): Buffer {
  const bytes = Buffer.byteLength(entry);
  const framed = Buffer.allocUnsafe(frameHeaderBytes + bytes);
  framed.write(entry, frameHeaderBytes, 'utf8');
  framed.writeUInt32BE(bytes, 0);
  framed.writeUInt32BE(crc32(framed.subarray(frameHeaderBytes)), 4);
  return framed;
}

/** The entry whose frame begins at `offset`; undefined where no whole and sound one does. */
export function unframe(octets: Buffer, offset: number): Buffer | undefined {
  const start = offset + frameHeaderBytes;
  if (start > octets.length) return undefined;
  const bytes = octets.readUInt32BE(offset);
  if (bytes === 0 || start + bytes > octets.length) return undefined;
  const entry = octets.subarray(start, start + bytes);
  return crc32(entry) === octets.readUInt32BE(offset + 4) ? entry : undefined;
}

/** How many whole frames there are from `offset` on, and where they end. */
export function countFrames(
  octets: Buffer,
  offset: number,
): { readonly entries: number; readonly end: number } {
  let entries = 0;
  let end = offset;
  for (let entry = unframe(octets, end); entry !== undefined; entry = unframe(octets, end)) {
    entries++;
    end += frameHeaderBytes + entry.length;
  }
  return { entries, end };
}
