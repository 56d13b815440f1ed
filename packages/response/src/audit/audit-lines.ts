import type { FileHandle } from 'node:fs/promises';

const chunkBytes = 256 * 1024;

/** Bytes of a line; a checkpoint is the longest. Longer ones read as damage, so that a wrong file fills no memory. */
export const maxLineBytes = 128 * 1024 * 1024;

/** A line of a file, or what follows its last line feed. */
export interface AuditFileLine {
  readonly octets: Buffer;
  /** Offset of the first byte behind it and its line feed. */
  readonly end: number;
  /** False: no line feed ends it. */
  readonly isWhole: boolean;
}

/** All lines of a file; the last one may be torn. */
export async function* auditLines(file: FileHandle): AsyncGenerator<AuditFileLine> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let parts: Buffer[] = [];
  let held = 0;
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let feed = read.indexOf(0x0a); feed >= 0; feed = read.indexOf(0x0a, start)) {
      parts.push(read.subarray(start, feed));
      start = feed + 1;
      yield { octets: Buffer.concat(parts), end: position + start, isWhole: true };
      parts = [];
      held = 0;
    }
    position += bytesRead;
    // The chunk is used again, so what is kept of it has to be copied.
    if (start < bytesRead) parts.push(Buffer.from(read.subarray(start)));
    held += bytesRead - start;
    if (held > maxLineBytes) break;
  }
  if (held > 0) yield { octets: Buffer.concat(parts), end: position, isWhole: false };
}
