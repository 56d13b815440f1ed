import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexpTest } from '../../src/compile/regexp.ts';

describe('regexp', () => {
  it.each([
    ['(www|ftp)\\..+', 'www.x.org', true],
    ['(www|ftp)\\..+', 'xwww.x', false],
    ['(?i)WWW\\..+', 'www.x', true],
    ['.*evil.*', 'an evil name', true],
    ['[0-9]{4}', '8080', true],
    ['[0-9]{4}', '80800', false],
    ['.{3,}', 'ab', false],
    ['.{3,}', 'abcd', true],
    ['[^a-c]+', 'xyz', true],
    ['[^a-c]+', 'xaz', false],
    ['\\d+\\s\\w+', '12 ab_3', true],
    ['^a$', 'a', true],
    ['a^b', 'ab', false],
    ['(a|b)*?c', 'ababc', true],
    ['a{0,2}b', 'aab', true],
    ['a{0,2}b', 'aaab', false],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['.', '\n', false],
    ['(?s).', '\n', true],
    ['', '', true],
    ['a|', '', true],
    ['[\\d.-]+', '1.2-3', true],
    ['[]a]+', ']a', true],
    ['\\x41\\u0042', 'AB', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(regexpTest(pattern)(text)).toBe(expected);
  });

  it.each([
    '(a)\\1',
    '(?=a)b',
    '\\bword',
    'a*+',
    '(a',
    'a)',
    '[a',
    '*a',
    'a{2,1}',
    'a{2000}',
    '\\',
    '[b-a]',
    '(?x)a',
  ])('refuses %s', (pattern) => {
    expect(() => regexpTest(pattern)).toThrow(/at character/);
  });

  it('refuses an automaton without bound', () => {
    expect(() => regexpTest('((a{100}){100}){100}')).toThrow(/states/);
  });

  it('takes time in proportion to the text, whatever the pattern', () => {
    const text = `${'a'.repeat(20_000)}!`;
    for (const pattern of ['(a+)+', '(a|a)*', '(a*)*b', 'a*a*a*a*a*a*b', '(.*a){20}']) {
      expect(regexpTest(pattern)(text)).toBe(false);
    }
  });

  it('agrees with JavaScript on what both know', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(ab)?',
      'a*',
      'b+',
      'a{1,2}',
      '(a|)',
      '|',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }),
        (pieces, text) => {
          const pattern = pieces.join('');
          expect(regexpTest(pattern)(text)).toBe(new RegExp(`^(?:${pattern})$`).test(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
