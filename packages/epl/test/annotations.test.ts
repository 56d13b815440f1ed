import { compile } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const text = "create schema E(a int); @Name('x') @Severity(3) select a from E";

describe('annotations', () => {
  it('are kept whatever their names', () => {
    const result = compile(text);
    expect(result.ok && result.module.statements[1].annotations.map(({ name }) => name)).toEqual([
      'Name',
      'Severity',
    ]);
  });

  it('are those of Esper and of the program where the program lists its own', () => {
    expect(compile(text, { annotations: ['severity'] }).ok).toBe(true);
    const [diagnostic] = compile(text, { annotations: ['Severities'] }).diagnostics;
    expect(diagnostic).toMatchObject({
      message: "unknown annotation '@Severity'",
      line: 1,
      column: 36,
      suggestion: '@Severities',
    });
    expect(compile(text, { annotations: [] }).diagnostics).toHaveLength(1);
  });
});
