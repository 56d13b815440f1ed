import { compile, createRuntime, formatDiagnostic, type Row } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Arrival {
  readonly afterMs: number;
  readonly type: 'L' | 'R';
  readonly k: string | null;
  readonly x: number;
}

/** Keys that come again soon, and keys that come once. */
const arrivals = fc.array(
  fc.record({
    afterMs: fc.constantFrom(0, 0, 1, 400, 1000, 1700),
    type: fc.constantFrom('L' as const, 'R' as const),
    k: fc.oneof(fc.constantFrom('a', 'b', null), fc.string({ maxLength: 20 })),
    x: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 60 },
);

/** What stands in a window behind each arrival, computed anew from all that came. */
type Content = (mine: readonly Arrival[], times: readonly number[], nowMs: number) => readonly Arrival[];

const windows: Readonly<Record<string, Content>> = {
  '#time(1 sec)': (mine, times, nowMs) => mine.filter((_, i) => times[i] + 1000 > nowMs),
  '#length(3)': (mine) => mine.slice(-3),
  '#unique(x)': (mine) => mine.filter((one, i) => !mine.slice(i + 1).some(({ x }) => x === one.x)),
  '#keepall': (mine) => mine,
};

function statement(left: string, right: string, more: string): string {
  return `create schema L(k string, x int); create schema R(k string, x int);
    @Name('out') select irstream a.k as k, a.x as p, b.x as q from L${left} as a, R${right} as b where a.k = b.k${more}`;
}

/** The rows that stand behind each arrival: all new ones so far, less all old ones. */
function observe(
  text: string,
  list: readonly Arrival[],
): { readonly standing: Row[]; readonly iterated: Row[] }[] {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime();
  const out = runtime.deploy(result.module).statement('out')!;
  const standing = new Map<string, number>();
  const count = (rows: readonly Row[], by: number) => {
    for (const row of rows) {
      const key = JSON.stringify(row);
      standing.set(key, (standing.get(key) ?? 0) + by);
    }
  };
  out.addListener(({ newRows, oldRows }) => {
    count(newRows, 1);
    count(oldRows, -1);
  });
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  let nowMs = 0;
  return list.map(({ afterMs, type, k, x }) => {
    nowMs += afterMs;
    runtime.advanceTime(nowMs);
    runtime.sendEvent(type, { k, x });
    const rows = [...standing].flatMap(([key, times]) => new Array<Row>(times).fill(JSON.parse(key)));
    return { standing: sorted(rows), iterated: sorted([...out.rows()]) };
  });
}

const sorted = (rows: readonly Row[]): Row[] =>
  rows.map((row) => JSON.stringify(row)).sort().map((row) => JSON.parse(row) as Row); // biome-ignore format: one thought

function expected(
  list: readonly Arrival[],
  left: Content,
  right: Content,
  pairs: (p: Arrival, q: Arrival) => boolean,
): Row[][] {
  let nowMs = 0;
  const times: number[] = [];
  return list.map(({ afterMs }, last) => {
    nowMs += afterMs;
    times.push(nowMs);
    const content = (type: 'L' | 'R', of: Content) => {
      const places = list.slice(0, last + 1).flatMap((one, i) => (one.type === type ? [i] : []));
      return of(places.map((i) => list[i]), places.map((i) => times[i]), nowMs); // biome-ignore format: one thought
    };
    const partners = content('R', right);
    return sorted(
      content('L', left).flatMap((p) =>
        partners
          .filter((q) => p.k !== null && p.k === q.k && pairs(p, q))
          .map((q) => ({ k: p.k, p: p.x, q: q.x })),
      ),
    );
  });
}

describe('a join of two streams by equality', () => {
  for (const left of Object.keys(windows)) {
    for (const right of Object.keys(windows)) {
      it(`of ${left} and ${right} gives the pairs that nested loops give`, () => {
        fc.assert(
          fc.property(arrivals, fc.boolean(), (list, residual) => {
            const seen = observe(statement(left, right, residual ? ' and a.x < b.x' : ''), list);
            const wanted = expected(list, windows[left], windows[right], (p, q) => !residual || p.x < q.x);
            expect(seen.map(({ standing }) => standing)).toEqual(wanted);
            expect(seen.map(({ iterated }) => iterated)).toEqual(wanted);
          }),
          { numRuns: 40 },
        );
      });
    }
  }

  it('goes on when keys that came once have been cleared away', () => {
    const list: Arrival[] = [];
    for (let i = 0; i < 6000; i++)
      list.push({ afterMs: 1, type: i % 2 === 0 ? 'L' : 'R', k: `k${i >> 1}`, x: i % 5 });
    const result = compile(statement('#time(1 sec)', '#length(3)', '').replace('select irstream', 'select'));
    if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
    const runtime = createRuntime();
    const out = runtime.deploy(result.module).statement('out')!;
    let rows = 0;
    out.addListener(({ newRows }) => {
      rows += newRows.length;
    });
    for (const [i, { type, k, x }] of list.entries()) {
      runtime.advanceTime(i);
      runtime.sendEvent(type, { k, x });
    }
    expect(rows).toBe(3000);
    expect([...out.rows()].length).toBe(3);
  });
});
