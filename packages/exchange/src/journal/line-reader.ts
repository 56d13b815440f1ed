import type { FileHandle } from 'node:fs/promises';

export interface Line {
  /** Without its line feed. */
  readonly text: string;
  /** Offset in the file of the first byte after its line feed. */
  readonly end: number;
}

const chunkBytes = 256 * 1024;

/** The lines of a file that are ended by a line feed; what follows the last line feed is left out. */
export async function* readLines(file: FileHandle): AsyncGenerator<Line> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) return;
    let start = 0;
    for (let feed = chunk.indexOf(0x0a); feed >= 0 && feed < bytesRead; feed = chunk.indexOf(0x0a, start)) {
      parts.push(chunk.subarray(start, feed));
      start = feed + 1;
      yield { text: Buffer.concat(parts).toString('utf8'), end: position + start };
      parts = [];
    }
    // The chunk is used again, so what is kept of it has to be copied.
    if (start < bytesRead) parts.push(Buffer.from(chunk.subarray(start, bytesRead)));
    position += bytesRead;
  }
}
