import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FlowpactError } from '../flowpact-error.ts';

/**
 * Writes pieces to a file, or to standard output for `-`, no faster than they are taken.
 * @throws FlowpactError `FLOWPACT_FILE`
 */
export async function writePieces(
  path: string,
  pieces: Iterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const target = path === '-' ? process.stdout : createWriteStream(path);
  try {
    await pipeline(Readable.from(joined(pieces, signal), { objectMode: true }), target, {
      end: path !== '-',
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw new FlowpactError('FLOWPACT_FILE', `cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

const writeBytes = 1 << 18;

/** Few large writes rather than many small ones. */
function* joined(pieces: Iterable<Uint8Array>, signal: AbortSignal): Generator<Buffer> {
  let batch: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (signal.aborted) break;
    batch.push(piece);
    length += piece.length;
    if (length >= writeBytes) {
      yield Buffer.concat(batch);
      batch = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(batch);
}
