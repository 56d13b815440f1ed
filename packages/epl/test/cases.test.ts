import { readdirSync, readFileSync } from 'node:fs';
import { compile } from '@flowpact/epl';
import { describe, expect, it } from 'vitest';
import { type Case, runCase } from '../conformance/run-case.ts';

/**
 * Cases of our own, in the format of the conformance cases: the statements were written for this test, and every row was
 * given by Esper 9.0.0. `rejected.json` has texts that it rejects, which follow upon the two schemas below.
 */
const folder = new URL('cases/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

describe('cases whose rows Esper gave', () => {
  for (const file of readdirSync(folder).filter((name) => name !== 'rejected.json'))
    it(file, () => {
      const failures = (read(file) as Case[]).flatMap((test) => {
        const outcome = runCase(test);
        return outcome.kind === 'passed' ? [] : [`${test.id}: ${JSON.stringify(outcome)}`];
      });
      expect(failures).toEqual([]);
    });
});

describe('cases whose rows Esper gave, with a restart before each step', () => {
  for (const file of readdirSync(folder).filter((name) => name !== 'rejected.json'))
    it(file, () => {
      const failures = (read(file) as Case[]).flatMap((test) => {
        const anew: string[] = [];
        const outcome = runCase(test, undefined, {
          before: (step) => step > 0,
          restored: ({ statements }) => {
            for (const { outcome, statement, reason } of statements)
              if (outcome !== 'restored') anew.push(`${statement.name}: ${reason}`);
          },
        });
        return outcome.kind === 'passed' && anew.length === 0
          ? []
          : [`${test.id}: ${JSON.stringify(outcome)} ${anew.join()}`];
      });
      expect(failures).toEqual([]);
    }, 60_000);
});

describe('texts that Esper rejects', () => {
  const schemas =
    'create schema F(src string, dst string, port int, oct long, d double, ok boolean);\ncreate schema G(src string, n int);\n';

  it('are rejected, and not for what is not supported yet', () => {
    const accepted = (read('rejected.json') as string[]).filter((text) => {
      const result = compile(schemas + text, { annotations: [] });
      return result.ok || result.diagnostics.some(({ code }) => code === 'EPL_NOT_SUPPORTED');
    });
    expect(accepted).toEqual([]);
  });
});
