import {
  type CompileOptions,
  compile,
  createRuntime,
  evidenceOf,
  explain,
  formatDiagnostic,
  type Row,
  type RuntimeConfig,
} from '@flowpact/epl';
import { describe, expect, it } from 'vitest';

const schema = 'create schema A(n int, k string); create schema B(n int, k string);';

/** Runs the module and collects what each delivery of `out` brings. */
function start(text: string, config: RuntimeConfig = {}, options: CompileOptions = {}) {
  const result = compile(schema + text, options);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  const runtime = createRuntime(config);
  const errors: string[] = [];
  runtime.onStatementError(({ error }) => errors.push(error.message));
  const deployment = runtime.deploy(result.module);
  const statement = deployment.statement('out')!;
  const deliveries: (readonly Row[])[] = [];
  statement.addListener(({ newRows }) => deliveries.push(newRows));
  const send = (type: string, n: number | null, k: string | null = null) => runtime.sendEvent(type, { n, k });
  return { runtime, deployment, statement, module: result.module, deliveries, errors, send };
}

describe('patterns', () => {
  it('refuse, drop or stop where too many partial matches are open', () => {
    const run = (overflow: NonNullable<RuntimeConfig['overflow']>) => {
      const running = start(`@Name('out') select a.n as n from pattern [every a=A -> B]`, {
        limits: { maxPartialMatches: 2 },
        overflow,
      });
      for (const n of [1, 2, 3]) running.send('A', n);
      running.send('B', 0);
      return running;
    };
    const refusing = run('refuse');
    expect(refusing.deliveries).toEqual([[{ n: 1 }, { n: 2 }]]);
    expect(refusing.errors).toEqual([
      "the statement 'out' holds 2 partial matches already (maxPartialMatches)",
    ]);
    const dropping = run('drop-oldest');
    expect(dropping.deliveries).toEqual([[{ n: 2 }, { n: 3 }]]);
    expect(dropping.statement.counters.dropped).toBe(1);
    const stopping = run('stop-statement');
    expect(stopping.deliveries).toEqual([]);
    expect(stopping.statement.stopped).toBe(true);
  });

  it('count what they keep and forget it when it is over', () => {
    const { statement, runtime, send } = start(
      `@Name('out') select a.n from pattern [every a=A -> (b=B(k = a.k) where timer:within(5 sec))]`,
    );
    send('A', 1, 'p');
    send('A', 2, 'q');
    expect(statement.counters.retained).toBe(2);
    send('B', 3, 'p');
    expect(statement.counters.retained).toBe(1);
    runtime.advanceTime(5000);
    expect(statement.counters.retained).toBe(0);
  });

  it('bound what doubles with every event', () => {
    const { deliveries, errors, send } = start(
      `@Name('out') select a.n as n from pattern [every (every a=A)]`,
      { limits: { maxPartialMatches: 5 } },
    );
    for (let n = 1; n <= 6; n++) send('A', n);
    expect(deliveries.map(({ length }) => length)).toEqual([1, 2, 4, 6, 6, 6]);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('forget all when they are undeployed', () => {
    const { runtime, deployment, deliveries, send } = start(
      `@Name('out') select a.n from pattern [every a=A -> timer:interval(5 sec)]`,
    );
    send('A', 1);
    runtime.undeploy(deployment);
    runtime.advanceTime(10_000);
    expect(deliveries).toEqual([]);
  });

  it('begin anew behind a step whose time is null', () => {
    const { runtime, deliveries, errors, send } = start(
      `@Name('out') select a.n as n from pattern [every a=A -> timer:interval(a.n sec)]`,
    );
    send('A', null);
    send('A', 2);
    runtime.advanceTime(2000);
    expect(deliveries).toEqual([[{ n: 2 }]]);
    expect(errors).toEqual(["the statement 'out' failed: a time of null seconds is none"]);
  });

  it('end a repetition before they count an event that fits both parts', () => {
    const { deliveries, send } = start(
      `@Name('out') select a[0].n as first, a[1].n as other, b.n as until
       from pattern [every (a=A(k = 'p') until b=A(n = 9))]`,
    );
    send('A', 1, 'p');
    send('A', 9, 'p');
    expect(deliveries).toEqual([[{ first: 1, other: null, until: 9 }]]);
  });

  it('give the columns of a tagged event', () => {
    const { deliveries, send } = start(
      `@Name('out') select a.*, b.n as other from pattern [every a=A -> b=B]`,
    );
    send('A', 1, 'p');
    send('B', 2, 'q');
    expect(deliveries).toEqual([[{ n: 1, k: 'p', other: 2 }]]);
  });

  it('trigger once for each match, and report in one delivery', () => {
    const { deliveries, send } = start(`
      create window W#keepall as A;
      insert into W select * from A;
      @Name('out') on pattern [every a=A -> b=B] as p select p.a.n as n, count(*) as held from W`);
    send('A', 1);
    send('A', 2);
    send('B', 0);
    expect(deliveries).toEqual([
      [
        { n: 1, held: 2 },
        { n: 1, held: 2 },
        { n: 2, held: 2 },
        { n: 2, held: 2 },
      ],
    ]);
  });

  it('carry the events that made a match, tagged or not, as evidence', () => {
    const { deliveries, send } = start(
      `@Name('out') select b.n from pattern [every ([2] A) -> (b=B and A)]`,
      {},
      { evidence: () => 9 },
    );
    for (const n of [1, 2]) send('A', n);
    send('B', 3);
    send('A', 4);
    const [[row]] = deliveries;
    const numbers = evidenceOf(row).map((event) => (event as { n: number }).n);
    expect(numbers.sort()).toEqual([1, 2, 3, 4]);
  });

  it('are explained with what finds their waits', () => {
    const { module } = start(`@Name('out') select a.n from pattern
      [every a=A(n > 3) -> b=B(k = a.k, n > a.n) where timer:within(5 sec)]`);
    const text = explain(module);
    expect(text).toContain('pattern (every a=A -> (b=B within 5000 ms))');
    expect(text).toContain('filter a=A, shared index: (a.n > 3), waits one by one');
    expect(text).toContain('filter b=B, waits by hash: b.k = a.k, tested: (b.n > pattern.a.n)');
  });

  it('keep their timers in the order in which they fall due, also where the clock goes back', () => {
    const { runtime, deliveries, send } = start(
      `@Name('out') select a.n as n from pattern [every a=A -> timer:interval(5 sec)]`,
      { startTimeMs: 10_000 },
    );
    send('A', 1);
    runtime.advanceTime(2000);
    send('A', 2);
    runtime.advanceTime(7000);
    runtime.advanceTime(14_999);
    runtime.advanceTime(15_000);
    expect(deliveries).toEqual([[{ n: 2 }], [{ n: 1 }]]);
  });
});
