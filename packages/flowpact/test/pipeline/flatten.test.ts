import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../src/pipeline/flatten.ts';

describe('flatten', () => {
  it('joins the keys of nested objects with dots and leaves arrays and scalars', () => {
    expect(flatten({ a: 1, ipfix: { b: 'x', c: { d: null, e: [{ f: 1 }] } } })).toEqual({
      a: 1,
      'ipfix.b': 'x',
      'ipfix.c.d': null,
      'ipfix.c.e': [{ f: 1 }],
    });
  });

  it('gives flat objects back as they are, without a copy', () => {
    const flat = { 'ipfix.a': 1, b: [1] };
    expect(flatten(flat)).toBe(flat);
  });

  it('ends on any nesting and changes no prototype', () => {
    let deep: Record<string, unknown> = { end: 1 };
    for (let i = 0; i < 10_000; i++) deep = { n: deep };
    expect(Object.keys(flatten(deep))).toEqual([`${'n.'.repeat(32)}n`]);
    flatten(JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}'));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('loses no scalar', () => {
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
    const leaves = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, each) => sum + leaves(each), 0)
        : 1;
    const nested = fc.letrec((tie) => ({
      node: fc.dictionary(
        fc.stringMatching(/^[a-z]{1,4}$/),
        fc.oneof({ depthSize: 'small' }, leaf, tie('node')),
      ),
    })).node as fc.Arbitrary<Record<string, unknown>>;
    fc.assert(fc.property(nested, (data) => Object.keys(flatten(data)).length === leaves(data)));
  });
});
