const lineFeed = 0x0a;

/** Whole lines of one chunk. */
export interface LineBatch {
  readonly lines: readonly string[];
  /** Lines left out because they are too long. */
  readonly oversized: number;
}

/** Cuts octets into lines of UTF-8, one batch a chunk. Holds one line of `maxLineLength` octets at most. */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineLength: number,
): AsyncGenerator<LineBatch, void, void> {
  let pending: Uint8Array = new Uint8Array(0);
  /** The line that is going on is too long already. */
  let isSkipping = false;
  for await (const chunk of chunks) {
    const lines: string[] = [];
    let oversized = 0;
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const length = pending.length + end - start;
      if (isSkipping || length > maxLineLength) oversized++;
      else lines.push(textOf(pending, chunk.subarray(start, end)));
      pending = new Uint8Array(0);
      isSkipping = false;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    isSkipping ||= pending.length + rest.length > maxLineLength;
    pending = isSkipping ? new Uint8Array(0) : Buffer.concat([pending, rest]);
    yield { lines, oversized };
  }
  if (isSkipping) yield { lines: [], oversized: 1 };
  else if (pending.length > 0) yield { lines: [textOf(pending, new Uint8Array(0))], oversized: 0 };
}

const textOf = (head: Uint8Array, tail: Uint8Array) => Buffer.concat([head, tail]).toString('utf8');
