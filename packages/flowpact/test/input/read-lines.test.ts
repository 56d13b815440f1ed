import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/input/read-lines.ts';

async function linesOf(chunks: readonly Uint8Array[], maxLineLength?: number) {
  let tooLong = 0;
  const lines: string[] = [];
  const config = maxLineLength === undefined ? {} : { maxLineLength };
  for await (const batch of readLines(Readable.from(chunks), config, { onTooLong: () => tooLong++ }))
    lines.push(...batch);
  return { lines, tooLong };
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  return borders
    .slice(1)
    .map((end, i) => bytes.subarray(borders[i], end))
    .filter((chunk) => chunk.length > 0);
}

describe('readLines', () => {
  it('gives the same lines however the stream is cut, also within a character', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '§'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat()),
        async (all, lineEnd, places) => {
          const chunks = cut(Buffer.from(all.join(lineEnd)), places);
          expect((await linesOf(chunks)).lines).toEqual(
            all.filter((each) => each !== '').map((each) => Buffer.from(each).toString()),
          );
        },
      ),
    );
  });

  it('drops and reports lines that are too long, and goes on after them', async () => {
    const long = 'x'.repeat(1000);
    const bytes = Buffer.from(`a\n${long}\nb\n${long}\nc`);
    for (const size of [1, 7, 300, 5000]) {
      const places = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => i * size);
      expect(await linesOf(cut(bytes, places), 100), `chunks of ${size}`).toEqual({
        lines: ['a', 'b', 'c'],
        tooLong: 2,
      });
    }
  });

  it('keeps no more than a line of an endless one', async () => {
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (; sent < 2000; sent++) yield Buffer.alloc(1000, 'x');
      })(),
    );
    let tooLong = 0;
    const before = process.memoryUsage().rss;
    for await (const batch of readLines(endless, { maxLineLength: 10_000 }, { onTooLong: () => tooLong++ }))
      expect(batch).toEqual([]);
    expect({ sent, tooLong }).toEqual({ sent: 2000, tooLong: 1 });
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});
