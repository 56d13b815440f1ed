import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Case, runCase } from './run-case.ts';

const folder = new URL('../../../../shared/epl/cases/', import.meta.url);
const absent = !existsSync(folder);

/** Rejections whose expected word is Esper's own phrasing: what is said instead, of the same meaning at the same place. */
const phrasings: Readonly<Record<string, string>> = {
  'patterns/ctx-reject-010': "expected 'granularity' in a context by hash, found the end of the text",
  'patterns/mr-reject-003': "expected 'measures' in match_recognize, found 'pattern'",
  'patterns/mr-reject-004': "expected 'pattern' in match_recognize, found 'define'",
  'patterns/mr-reject-005': "expected 'as' and the name of the measure, found 'pattern'",
  'patterns/pattern-reject-016': "expected ')' to close the parenthesis, found ']'",
  'core/reject-syntax-002': "expected 'from' behind the select clause, found 'where'",
  'streams/reject-syntax-001': "expected 'from' behind the select clause, found ';'",
  'streams/reject-syntax-005': "string without end: the closing ' of 'abc; is missing",
};

/** Cases that differ on purpose, each with its reason. A case that passes may not stand here. */
const differences: Readonly<Record<string, string>> = {
  'core/reject-name-012':
    'annotations that Esper does not know are kept: statements carry the program’s own metadata in them',
  'streams/win-nowindow-005':
    'an aggregate of an aggregate is rejected: Esper sums up a running maximum, which nobody means',
};

describe.skipIf(absent)(
  `conformance cases${absent ? ' (skipped: ../shared/epl/cases is not there)' : ''}`,
  () => {
    const cases: Case[] = absent
      ? []
      : readdirSync(folder).flatMap((part) =>
          readdirSync(new URL(`${part}/`, folder)).map((file) =>
            JSON.parse(readFileSync(new URL(`${part}/${file}`, folder), 'utf8')),
          ),
        );

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
