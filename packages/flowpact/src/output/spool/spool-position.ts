import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** What of a spool is delivered: all segments before this one, and its octets before the offset. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

const positionBytes = 12;

/** The position in a file of its own: both numbers in 32 bits and their CRC-32, written over in one small write. */
export interface PositionFile {
  write(position: SpoolPosition): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens or makes the file. Where it does not read, the position is the beginning: entries are delivered again then,
 * rather than not at all.
 */
export async function openPositionFile(
  path: string,
): Promise<PositionFile & { readonly found: SpoolPosition }> {
  const file = await openOrMake(path);
  const octets = Buffer.alloc(positionBytes);
  const { bytesRead } = await file.read(octets, 0, positionBytes, 0);
  const isSound = bytesRead === positionBytes && crc32(octets.subarray(0, 8)) === octets.readUInt32BE(8);
  return {
    found: isSound
      ? { segment: octets.readUInt32BE(0), offset: octets.readUInt32BE(4) }
      : { segment: 0, offset: 0 },
    async write({ segment, offset }) {
      octets.writeUInt32BE(segment, 0);
      octets.writeUInt32BE(offset, 4);
      octets.writeUInt32BE(crc32(octets.subarray(0, 8)), 8);
      await file.write(octets, 0, positionBytes, 0);
    },
    close: () => file.close(),
  };
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return open(path, 'wx+', 0o600);
  }
}
