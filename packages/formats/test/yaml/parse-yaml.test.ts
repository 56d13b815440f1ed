import { describe, expect, it } from 'vitest';
import { defaultFormatsLimits } from '../../src/formats-limits.ts';
import { parseYaml } from '../../src/yaml/parse-yaml.ts';

const parsed = (text: string, limits = {}) => parseYaml(text, { ...defaultFormatsLimits, ...limits });

describe('YAML', () => {
  it('is that of version 1.2', () => {
    expect(parsed('a: yes\nb: 012\nc: 1:30\nd: 0x1f\ne: 2013-01-20\nf:\ng: [1, {h: 1.5}]\nh: true')).toEqual(
      new Map<string, unknown>([
        ['a', 'yes'],
        ['b', 12n],
        ['c', '1:30'],
        ['d', 31n],
        ['e', '2013-01-20'],
        ['f', null],
        ['g', [1n, new Map([['h', 1.5]])]],
        ['h', true],
      ]),
    );
  });

  it('is its first document', () => expect(parsed('---\na: 1\n---\n*b: [')).toEqual(new Map([['a', 1n]])));

  it.each(['a: &x 1\nb: *x', 'a: *.example.org', 'a: @x', 'a: [', '', 'a: 1\na: 2', '\t- x\n\ty: z'])(
    'is not read where it is no plain YAML: %j',
    (text) => expect(parsed(text)).toBeUndefined(),
  );

  it('is refused beyond the limits, before anything is made of it', () => {
    const bomb = `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: [*a, *a]`).join('\n')}`;
    expect(parsed(bomb)).toBeUndefined();
    for (const deep of [
      '['.repeat(50_000),
      '- '.repeat(5_000),
      '{a: '.repeat(5_000),
      `a: ${'? '.repeat(5_000)}`,
    ])
      expect(() => parsed(deep), deep.slice(0, 9)).toThrow(
        expect.objectContaining({ code: 'FORMATS_LIMIT' }),
      );
    expect(() => parsed('a: [1, 2, 3]', { maxNodes: 4 })).toThrow(
      expect.objectContaining({ code: 'FORMATS_LIMIT' }),
    );
  });

  it('makes no prototype', () => {
    expect(parsed('__proto__: {polluted: 1}')).toBeInstanceOf(Map);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
