import { describe, expect, it } from 'vitest';
import { compile, createRuntime } from '../../src/index.ts';

function literalValue(literal: string): unknown {
  const result = compile(`create schema E(x int); @Name('s') select ${literal} as v from E`);
  if (!result.ok) return result.diagnostics[0].message;
  const runtime = createRuntime();
  let value: unknown;
  runtime
    .deploy(result.module)
    .statement('s')
    ?.addListener(({ newRows }) => {
      value = newRows[0].v;
    });
  runtime.sendEvent('E', { x: 1 });
  return value;
}

describe('number literals', () => {
  it.each([
    ['7', 7],
    ['7L', 7],
    ['0x1f', 31],
    ['0xffL', 255],
    ['2.5', 2.5],
    ['.5f', 0.5],
    ['1e3', 1000],
    ['3d', 3],
    ['9007199254740993L', 9007199254740993n],
  ])('%s', (literal, value) => expect(literalValue(literal)).toBe(value));

  it.each([
    ['.0l', 'the long .0l has a fraction or an exponent: leave out the l'],
    ['1e3L', 'the long 1e3L has a fraction or an exponent: leave out the l'],
    ['9223372036854775809', 'the number 9223372036854775809 does not fit a long'],
  ])('%s is refused', (literal, message) => expect(literalValue(literal)).toBe(message));

  it('of a hundred thousand digits is refused at once', () => {
    expect(literalValue('9'.repeat(100_000))).toMatch(/does not fit a long/);
  });
});
