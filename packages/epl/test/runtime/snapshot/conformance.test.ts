import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, phrasings } from '../../../conformance/differences.ts';
import { runCase } from '../../../conformance/run-case.ts';
import { casesAbsent, readCases } from '../../conformance-cases.ts';
import { differenceOf } from './same-state.ts';

/** Of each case whether there is a restart before its steps. */
const plans = fc.array(fc.boolean(), { minLength: 64, maxLength: 64 });

describe.skipIf(casesAbsent)(
  `restarts in the conformance cases${casesAbsent ? ' (skipped: ../shared/epl/cases is not there)' : ''}`,
  () => {
    it('gives the same rows with restarts before about half of the steps as without any', () => {
      const cases = readCases().filter(({ id }) => !(id in differences));
      const seed = Date.now();
      const failures: string[] = [];
      let restarts = 0;
      for (const [i, plan] of fc.sample(plans, { seed, numRuns: cases.length }).entries()) {
        const { id } = cases[i];
        const outcome = runCase(cases[i], phrasings[id], {
          before: (step) => plan[step % plan.length],
          restored: ({ statements }, step, original, restored) => {
            restarts++;
            const difference = differenceOf(original, restored);
            if (difference !== undefined) failures.push(`${id}, step ${step}: ${difference}`);
            for (const { outcome, statement, reason } of statements)
              if (outcome !== 'restored') failures.push(`${id}, step ${step}: ${statement.name}: ${reason}`);
          },
        });
        if (outcome.kind === 'failed') failures.push(`${id}: ${outcome.reason}`);
      }
      expect(failures, `seed ${seed}`).toEqual([]);
      expect(restarts).toBeGreaterThan(1500);
    }, 120_000);
  },
);
