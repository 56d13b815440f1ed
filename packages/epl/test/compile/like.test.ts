import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likeTest } from '../../src/compile/like.ts';

/** The same meaning by a regular expression: right, though not safe against long patterns. */
function reference(pattern: string): RegExp {
  const source = [...pattern].map((char) => {
    if (char === '%') return '[^]*';
    return char === '_' ? '[^]' : char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}

const short = (...chars: string[]) =>
  fc.array(fc.constantFrom(...chars), { maxLength: 8 }).map((list) => list.join(''));

describe('like', () => {
  it('agrees with a regular expression', () => {
    fc.assert(
      fc.property(short('%', '_', 'a', 'b', '.', '*'), short('a', 'b', '.', '*', '\n'), (pattern, text) => {
        expect(likeTest(pattern, undefined)(text)).toBe(reference(pattern).test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the escape character, and the backslash where none is given', () => {
    expect(likeTest('50!%', '!')('50%')).toBe(true);
    expect(likeTest('50!%', '!')('50x')).toBe(false);
    expect(likeTest('a\\_c', undefined)('abc')).toBe(false);
    expect(likeTest('a\\_c', undefined)('a_c')).toBe(true);
  });
});
