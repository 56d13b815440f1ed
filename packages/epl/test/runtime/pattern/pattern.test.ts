import { compile, createRuntime, formatDiagnostic, type Row } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Event, type Match, type Pattern, print, Reference } from './naive-pattern.ts';

interface Arrival extends Event {
  readonly afterMs: number;
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 0, 0, 1, 200, 500, 500, 999, 1000, 2500),
    t: fc.constantFrom('A', 'B', 'C'),
    k: fc.constantFrom('p', 'p', 'q', null),
    x: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 10, maxLength: 40 },
);

const first: fc.Arbitrary<Pattern> = fc.record({
  kind: fc.constant('filter' as const),
  tag: fc.constant('a'),
  t: fc.constant('A'),
  sameKeyAs: fc.constant(undefined),
  above: fc.constant(undefined),
});

/** Filters of one letter each, so that no event ends two parts at once and the order between them does not count. */
const filterOf = (t: 'B' | 'C', tag: string): fc.Arbitrary<Pattern> =>
  fc.record({
    kind: fc.constant('filter' as const),
    tag: fc.constant(tag),
    t: fc.constant(t),
    sameKeyAs: fc.constantFrom(undefined, 'a'),
    above: fc.constantFrom(undefined, undefined, undefined, 'a'),
  });

const milliseconds = fc.constantFrom(500, 1000, 2000, 4000);
const [b, c] = [filterOf('B', 'b'), filterOf('C', 'c')];

const step: fc.Arbitrary<Pattern> = fc.oneof(
  b,
  fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts: fc.tuple(b, c) }),
  fc.record({ kind: fc.constant('followed-by' as const), parts: fc.tuple(b, c) }),
  fc.record({
    kind: fc.constant('repeat' as const),
    low: fc.constantFrom(undefined, 1, 2),
    high: fc.constantFrom(undefined, 2, 3),
    operand: b,
    until: c,
  }),
  fc.record({ kind: fc.constant('absence' as const), ms: milliseconds, operand: b }),
  fc.record({ kind: fc.constant('interval' as const), ms: milliseconds }),
);

const guarded: fc.Arbitrary<Pattern> = fc.oneof(
  step,
  fc.record({ kind: fc.constant('within' as const), ms: milliseconds, operand: step }),
);

/** `every a -> x`, `every (a -> x)`, `a -> x`, and all of it for a while only. */
const pattern: fc.Arbitrary<Pattern> = fc
  .tuple(
    fc.constantFrom('left', 'left', 'whole', 'whole', 'none'),
    first,
    guarded,
    fc.constantFrom(null, null, null, 2000, 20_000),
  )
  .map(([every, a, x, limit]): Pattern => {
    const left: Pattern = every === 'left' ? { kind: 'every', operand: a } : a;
    const both: Pattern = { kind: 'followed-by', parts: [left, x] };
    const whole: Pattern = every === 'whole' ? { kind: 'every', operand: both } : both;
    return limit === null ? whole : { kind: 'within', ms: limit, operand: whole };
  });

/** What comes of each move of the clock and each event, rows of one delivery in any order. */
type Observed = readonly (readonly string[])[];

const normalized = (rows: readonly (Row | Match)[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.entries(row)
          .filter(([, value]) => value !== null)
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([tag, value]) => [tag, Array.isArray(value) ? value.map(numberOf) : numberOf(value)]),
      ),
    )
    .sort();

const numberOf = (event: unknown): unknown => (event as { readonly n: number }).n;

function observe(text: string, list: readonly Arrival[]): Observed {
  const result = compile(`create schema E(n int, t string, k string, x int);
    @Name('out') select * from pattern [${text}]`);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const statement = runtime.deploy(result.module).statement('out')!;
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  let rows: readonly Row[] = [];
  let calls = 0;
  statement.addListener(({ newRows }) => {
    rows = newRows;
    calls++;
  });
  const observed: string[][] = [];
  const during = (act: () => void): void => {
    rows = [];
    calls = 0;
    act();
    expect(calls).toBeLessThan(2);
    observed.push(normalized(rows));
  };
  let nowMs = 0;
  list.forEach(({ afterMs, t, k, x }, n) => {
    nowMs += afterMs;
    if (afterMs > 0) during(() => runtime.advanceTime(nowMs));
    during(() => runtime.sendEvent('E', { n, t, k, x }));
  });
  during(() => runtime.advanceTime(nowMs + 60_000));
  return observed;
}

function expected(tree: Pattern, list: readonly Arrival[]): Observed {
  const reference = new Reference(tree);
  const given: string[][] = [];
  let nowMs = 0;
  list.forEach(({ afterMs, t, k, x }, n) => {
    nowMs += afterMs;
    if (afterMs > 0) given.push(normalized(reference.advance(nowMs)));
    given.push(normalized(reference.send({ n, t, k, x })));
  });
  given.push(normalized(reference.advance(nowMs + 60_000)));
  return given;
}

describe('patterns', () => {
  it('match what a naive reading of their algebra matches', () => {
    let matches = 0;
    fc.assert(
      fc.property(pattern, arrivals, (tree, list) => {
        const observed = observe(print(tree), list);
        expect(observed).toEqual(expected(tree, list));
        matches += observed.flat().length;
      }),
      { numRuns: 500 },
    );
    expect(matches).toBeGreaterThan(500);
  });
});
