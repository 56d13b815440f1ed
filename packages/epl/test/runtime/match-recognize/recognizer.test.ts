import {
  compile,
  createRuntime,
  evidenceOf,
  formatDiagnostic,
  type Row,
  type RuntimeConfig,
} from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const schema = 'create schema E(n int, k string);';

/** Runs the statement and collects what each delivery brings. */
function start(statement: string, config: RuntimeConfig = {}, evidence = 0) {
  const result = compile(`${schema} @Name('out') ${statement}`, { evidence: () => evidence });
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime(config);
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(error.message));
  const out = runtime.deploy(result.module).statement('out')!;
  const deliveries: (readonly Row[])[] = [];
  out.addListener(({ newRows }) => deliveries.push(newRows));
  const send = (k: string, n = 0) => runtime.sendEvent('E', { n, k });
  return { runtime, out, deliveries, errors, send };
}

describe('match_recognize', () => {
  it('carries the rows of a match as evidence', () => {
    const { deliveries, send } = start(
      `select * from E match_recognize (
      measures A.n as a pattern (A B) define A as A.k = 'a', B as B.k = 'b')`,
      {},
      9,
    );
    send('a', 1);
    send('b', 2);
    expect(evidenceOf(deliveries[0][0])).toEqual([
      { n: 1, k: 'a' },
      { n: 2, k: 'b' },
    ]);
  });

  it('holds matches or gives them early where they cannot become longer', () => {
    const { runtime, deliveries, send } = start(`select * from E match_recognize (
      measures A.n as a, count(B.n) as n pattern (A B*) interval 10 sec or terminated
      define A as A.k = 'a', B as B.k = 'b')`);
    send('a', 1);
    send('b');
    send('c');
    expect(deliveries).toEqual([[{ a: 1, n: 1 }]]);
    send('a', 2);
    runtime.advanceTime(10_000);
    expect(deliveries).toEqual([[{ a: 1, n: 1 }], [{ a: 2, n: 0 }]]);
  });

  it('refuses rows where too many runs are open, and goes on', () => {
    const { out, deliveries, errors, send } = start(
      `select * from E match_recognize (measures count(A.n) as n, B.n as b pattern (A+ B)
       define A as A.k = 'a', B as B.k = 'b')`,
      { limits: { maxRetained: 3 } },
    );
    for (let i = 0; i < 5; i++) send('a');
    expect(errors.length).toBeGreaterThan(0);
    expect(out.counters.retained).toBeLessThanOrEqual(3);
    send('b', 7);
    expect(deliveries.at(-1)).toMatchObject([{ b: 7 }]);
  });

  it('forgets partitions that have nothing open', () => {
    const { out, send } = start(`select * from E match_recognize (
      partition by n measures A.k as a pattern (A B) define A as A.k = 'a', B as B.k = 'b')`);
    for (let n = 0; n < 40_000; n++) {
      send('a', n);
      send('c', n);
    }
    expect(out.counters.retained).toBe(0);
  });

  it('reads the window anew where a row is taken out of the middle', () => {
    const { deliveries, send } = start(`select * from E#unique(n) match_recognize (
      measures A.n as a, B.n as b, C.n as c pattern (A B C)
      define A as A.k = 'a', B as B.k = 'b', C as C.k = 'c')`);
    send('a', 1);
    send('b', 2);
    // The second row leaves: what stands in the window is a run of one row again.
    send('x', 2);
    send('b', 3);
    send('c', 4);
    expect(deliveries).toEqual([]);
  });
});
