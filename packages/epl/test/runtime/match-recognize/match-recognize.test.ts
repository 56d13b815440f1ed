import { compile, createRuntime, formatDiagnostic, type Row } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NaiveRecognizer, print, type RowPattern, type Skip } from './naive-match-recognize.ts';

const letters = ['A', 'B', 'C'] as const;

const variable = fc.constantFrom(...letters).map((name): RowPattern => ({ kind: 'variable', name }));

const repeated = (operand: fc.Arbitrary<RowPattern>): fc.Arbitrary<RowPattern> =>
  fc
    .tuple(
      operand,
      fc.constantFrom(
        { suffix: '*', low: 0, high: 3, endless: true, counted: true },
        { suffix: '*?', low: 0, high: 3, endless: true, counted: false },
        { suffix: '+', low: 1, high: 3, endless: true, counted: false },
        { suffix: '?', low: 0, high: 1, endless: false, counted: true },
        { suffix: '{2}', low: 2, high: 2, endless: false, counted: true },
        { suffix: '{1,2}', low: 1, high: 2, endless: false, counted: true },
      ),
    )
    .map(([inner, quantifier]): RowPattern => ({ kind: 'repeat', operand: inner, ...quantifier }));

const part: fc.Arbitrary<RowPattern> = fc.oneof(
  { weight: 3, arbitrary: variable },
  { weight: 3, arbitrary: repeated(variable) },
  {
    weight: 1,
    arbitrary: fc.tuple(variable, variable).map((parts): RowPattern => ({ kind: 'alternatives', parts })),
  },
  {
    weight: 1,
    arbitrary: repeated(
      fc.tuple(variable, variable).map((parts): RowPattern => ({ kind: 'sequence', parts })),
    ),
  },
);

/** The last part takes a row in any case, so that no pattern matches nothing. */
const pattern: fc.Arbitrary<RowPattern> = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 3 }), variable)
  .map(([parts, last]): RowPattern => ({ kind: 'sequence', parts: [...parts, last] }));

const rows = fc.array(fc.record({ k: fc.constantFrom('p', 'q'), x: fc.integer({ min: 0, max: 3 }) }), {
  maxLength: 16,
});

/** What each variable takes: rows may fit several, so that there is something to choose. */
const fits: Readonly<Record<string, (x: number) => boolean>> = {
  A: (x) => x !== 1,
  B: (x) => x > 0,
  C: (x) => x === 1 || x === 3,
};

const definitions: Readonly<Record<string, string>> = {
  A: 'A.x != 1',
  B: 'B.x > 0',
  C: 'C.x = 1 or C.x = 3',
};

const skips = fc.constantFrom<Skip>('past last row', 'to next row');

type Found = readonly Readonly<Record<string, readonly number[]>>[];

/** Of each row the matches that it completes: under each variable the numbers of its rows. */
function observe(text: string, skip: Skip, all: boolean, list: readonly { k: string; x: number }[]): Found[] {
  const used = letters.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const result = compile(`create schema E(n int, k string, x int);
    @Name('out') select * from E match_recognize (partition by k
      measures ${used.map((name) => `${name} as ${name.toLowerCase()}`).join(', ')}
      ${all ? 'all matches' : ''} after match skip ${skip} pattern (${text})
      define ${used.map((name) => `${name} as ${definitions[name]}`).join(', ')})`);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  let given: readonly Row[] = [];
  runtime
    .deploy(result.module)
    .statement('out')!
    .addListener(({ newRows }) => {
      given = newRows;
    });
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  return list.map(({ k, x }, n) => {
    given = [];
    runtime.sendEvent('E', { n, k, x });
    return given.map((row) =>
      Object.fromEntries(
        used.map((name) => {
          const value = row[name.toLowerCase()] as { n: number } | readonly { n: number }[] | null;
          const taken = value === null ? [] : Array.isArray(value) ? value : [value];
          return [name, taken.map((one) => one.n)];
        }),
      ),
    );
  });
}

const sorted = (found: Found): string[] => found.map((match) => JSON.stringify(match)).sort();

describe('match_recognize', () => {
  it('finds what trying every way of reading the rows finds', () => {
    let matches = 0;
    fc.assert(
      fc.property(pattern, skips, fc.boolean(), rows, (tree, skip, all, list) => {
        const text = print(tree);
        const observed = observe(text, skip, all, list);
        const naive = new NaiveRecognizer(tree, skip, all, fits);
        const expected = list.map(({ k, x }, n) => naive.take({ n, k, x }));
        expect(observed.map(sorted)).toEqual(expected.map(sorted));
        matches += observed.flat().length;
      }),
      { numRuns: 500 },
    );
    expect(matches).toBeGreaterThan(200);
  });
});
