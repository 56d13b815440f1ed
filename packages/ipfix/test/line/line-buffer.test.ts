import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBuffer } from '../../src/line/line-buffer.ts';

const empty = new Uint8Array(0);

/** What one call writes. */
function written(write: (line: LineBuffer) => void): string {
  const line = new LineBuffer();
  line.constant(empty);
  write(line);
  return line.take();
}

describe('LineBuffer', () => {
  it('writes every exact integer in decimal', () => {
    const integers = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer(),
      fc
        .integer({ min: 0, max: 16 })
        .chain((digits) => fc.constantFrom(10 ** digits - 1, 10 ** digits, -(10 ** digits))),
    );
    fc.assert(
      fc.property(integers, (value) => {
        expect(written((line) => line.integer(value))).toBe(String(value === 0 ? 0 : value));
      }),
      { numRuns: 2000 },
    );
  });

  it('writes integers beyond 2^53 by their value', () => {
    expect(written((line) => line.integer(2 ** 64))).toBe('18446744073709551616');
    expect(written((line) => line.wideInteger(2n ** 64n - 1n))).toBe('18446744073709551615');
    expect(written((line) => line.jsonInteger(2n ** 64n - 1n))).toBe('"18446744073709551615"');
    expect(written((line) => line.jsonInteger(5))).toBe('5');
  });

  it('writes addresses and flags', () => {
    expect(written((line) => line.ipv4(0xff0a6301))).toBe('255.10.99.1');
    expect(written((line) => line.ipv4(0xff0a6301 | 0))).toBe('255.10.99.1');
    expect(written((line) => line.flags(0b100101))).toBe('U..R.F');
  });

  it('grows with its content', () => {
    const long = Buffer.alloc(65_000, 'x');
    const text = written((line) => {
      line.constant(long);
      line.hex(long, 0, long.length);
      line.ipfixcolString(new Uint8Array(65_000).fill(0xe9), 0, 65_000);
      line.integer(7);
    });
    expect(text.length).toBe(65_000 * 9 + 1);
    expect(text.endsWith('\\u00e9\\u00e97')).toBe(true);
  });

  it('begins anew after each line, in ASCII too', () => {
    const line = new LineBuffer();
    line.text('"é€😀"');
    line.constant(Buffer.from(':'));
    expect(line.take()).toBe('"é€😀":');
    line.constant(Buffer.from('next'));
    expect(line.take()).toBe('next');
    expect(line.take()).toBe('');
  });

  it('leaves strings alone that have to be escaped', () => {
    const plain = (text: string) => {
      const octets = Buffer.from(text);
      return written((line) => {
        if (!line.plainJsonString(octets, 0, octets.length)) line.ascii('no');
      });
    };
    expect(plain('/a b~')).toBe('"/a b~"');
    for (const text of ['a"', 'a\\', 'a\n', 'é', '\x7f']) expect(plain(text)).toBe('no');
  });
});
