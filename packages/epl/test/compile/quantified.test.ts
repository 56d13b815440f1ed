import { compile, createRuntime } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

function evaluate(expression: string, data: Record<string, unknown>): unknown {
  const result = compile(`create schema E(x int, ports int[]); @Name('s') select ${expression} as v from E`);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const runtime = createRuntime();
  const values: unknown[] = [];
  runtime
    .deploy(result.module)
    .statement('s')!
    .addListener(({ newRows }) => values.push(newRows[0].v));
  runtime.sendEvent('E', data);
  return values[0];
}

describe('any and all over arrays', () => {
  it.each([
    ['x = any (ports)', { x: 2, ports: [1, 2] }, true],
    ['x = any (ports)', { x: 3, ports: [1, 2] }, false],
    ['x = any (ports)', { x: 3, ports: [1, null] }, null],
    ['x > all (ports)', { x: 3, ports: [1, 2] }, true],
    ['x > all (ports, 5)', { x: 3, ports: [1, 2] }, false],
    ['x = any (ports)', { x: 3, ports: [] }, null],
    ['x > all (ports)', { x: 3, ports: [] }, null],
    ['x = some ({1, 3})', { x: 3 }, true],
  ])('%s with %j: %s', (expression, data, expected) => {
    expect(evaluate(expression, data)).toBe(expected);
  });
});
