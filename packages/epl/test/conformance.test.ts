import { describe, expect, it } from 'vitest';
import { differences, phrasings } from '../conformance/differences.ts';
import { runCase } from '../conformance/run-case.ts';
import { casesAbsent, readCases } from './conformance-cases.ts';

describe.skipIf(casesAbsent)(
  `conformance cases${casesAbsent ? ' (skipped: ../shared/epl/cases is not there)' : ''}`,
  () => {
    const cases = readCases();

    it('gives the expected result or refuses what is not supported yet', () => {
      const failures: string[] = [];
      const counts = { passed: 0, refused: 0, different: 0 };
      const refusals = new Map<string, number>();
      for (const test of cases) {
        const outcome = runCase(test, phrasings[test.id]);
        if (outcome.kind === 'refused') {
          counts.refused++;
          const reason = outcome.diagnostics.find(({ code }) => code === 'EPL_NOT_SUPPORTED')!.message;
          refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
        } else if (test.id in differences) {
          counts.different++;
          if (outcome.kind === 'passed') failures.push(`${test.id} passes, but is listed as different`);
        } else if (outcome.kind === 'failed')
          failures.push(`${test.id} (level ${test.level}): ${outcome.reason}`);
        else counts.passed++;
      }
      console.log(
        `conformance: ${cases.length} cases, ${counts.passed} passed, ${counts.refused} refused, ` +
          `${counts.different} different on purpose, ${failures.length} failed`,
      );
      if (process.env.FLOWPACT_REFUSALS) {
        for (const [reason, count] of [...refusals].sort((a, b) => b[1] - a[1]))
          console.log(`${count} ${reason}`);
      }
      expect(failures).toEqual([]);
    });
  },
);
