import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface ReadLinesConfig {
  /** UTF-16 units of a line; a longer one is dropped and reported. Default 1 MiB. */
  readonly maxLineLength?: number;
}

export const defaultMaxLineLength = 1 << 20;

/** The stream's lines (UTF-8, `\n` or `\r\n`), in batches, a batch for each chunk read. Empty lines are left out. */
export async function* readLines(
  stream: Readable,
  { maxLineLength = defaultMaxLineLength }: ReadLinesConfig,
  deps: { onTooLong(): void },
): AsyncGenerator<readonly string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let skipping = false;
  for await (const chunk of stream) {
    const text = rest + decoder.write(chunk as Buffer);
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (skipping) skipping = false;
      else if (end - start > maxLineLength) deps.onTooLong();
      else pushLine(lines, text, start, end);
      start = end + 1;
    }
    rest = skipping ? '' : text.slice(start);
    if (rest.length > maxLineLength) {
      deps.onTooLong();
      skipping = true;
      rest = '';
    }
    if (lines.length > 0) yield lines;
  }
  const last: string[] = [];
  const text = rest + decoder.end();
  pushLine(last, text, 0, text.length);
  if (last.length > 0) yield last;
}

function pushLine(lines: string[], text: string, start: number, end: number): void {
  if (end > start && text.charCodeAt(end - 1) === 13) end--;
  if (end > start) lines.push(text.slice(start, end));
}
