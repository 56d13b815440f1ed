import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Conditions of all kinds that the index files differently, and what they mean. */
const conditions: readonly [string, (event: { a: number | null; b: string | null }) => boolean][] = [
  ['a = 3', ({ a }) => a === 3],
  ['a = 4', ({ a }) => a === 4],
  ['a > 2', ({ a }) => a !== null && a > 2],
  ['a >= 4', ({ a }) => a !== null && a >= 4],
  ['a < 3', ({ a }) => a !== null && a < 3],
  ['a <= 1', ({ a }) => a !== null && a <= 1],
  ['a != 3', ({ a }) => a !== null && a !== 3],
  ["b = 'x'", ({ b }) => b === 'x'],
  ["b like '%x%'", ({ b }) => b?.includes('x') ?? false],
  ["a > 1 and b = 'x'", ({ a, b }) => a !== null && a > 1 && b === 'x'],
  ["a < 4 and b like '%y'", ({ a, b }) => a !== null && a < 4 && (b?.endsWith('y') ?? false)],
  ['a is null', ({ a }) => a === null],
  ["a = 1 or b = 'y'", ({ a, b }) => a === 1 || b === 'y'],
];

describe('the filter index', () => {
  it('lets through what the filters let through one by one, in the order of deployment', () => {
    const choice = fc.array(fc.nat(conditions.length - 1), { minLength: 1, maxLength: 12 });
    const events = fc.array(
      fc.record({
        a: fc.option(fc.integer({ min: 0, max: 5 })),
        b: fc.option(fc.constantFrom('x', 'y', 'xy')),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(choice, events, fc.nat(11), (chosen, list, removed) => {
        const runtime = createRuntime();
        const heard: number[] = [];
        const deployments = chosen.map((condition, i) => {
          const text = `create schema E(a int, b string); @Name('s') select a from E(${conditions[condition][0]})`;
          const result = compile(text);
          if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
          const deployment = runtime.deploy(result.module);
          deployment.statement('s')!.addListener(() => heard.push(i));
          return deployment;
        });
        if (removed < chosen.length && chosen.length > 1) runtime.undeploy(deployments[removed]);
        for (const event of list) {
          heard.length = 0;
          runtime.sendEvent('E', event);
          const expected = chosen
            .map((_, i) => i)
            .filter((i) => {
              const gone = i === removed && chosen.length > 1;
              return !gone && conditions[chosen[i]][1](event);
            });
          expect(heard).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });
});
