import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compile,
  createRuntime,
  explain,
  formatDiagnostic,
  type Runtime,
  type RuntimeConfig,
} from '../../../src/index.ts';

const schema = 'create schema E(k string, x int); create schema F(k string, y int);';

const moduleOf = (text: string) => {
  const result = compile(text);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.module;
};

/** Deploys the text and gives the deliveries of its statement `s`. */
function run(text: string, config: RuntimeConfig = {}) {
  const runtime = createRuntime(config);
  runtime.onStatementError(({ error }) => {
    if (error.code !== 'EPL_LIMIT') throw error;
  });
  const deployment = runtime.deploy(moduleOf(`${schema} ${text}`));
  const statement = deployment.statement('s')!;
  const deliveries: unknown[][] = [];
  statement.addListener(({ newRows }) => deliveries.push([...newRows]));
  return { runtime, deployment, statement, deliveries };
}

const send = (runtime: Runtime, k: string | null, x: number) => runtime.sendEvent('E', { k, x });

describe('a keyed context', () => {
  it('does in each partition what the statement does with the events of that key alone', () => {
    const selects = [
      'select x, sum(x) as total from E',
      'select sum(x) as total, count(*) as n from E#length(2)',
      'select x, prev(1, x) as before from E#length(3)',
      'select max(x) as m from E#time(3 sec)',
      'select a.x as ax, b.x as bx from E#length(2) as a, E#lastevent as b where a.x < b.x',
      'select sum(x) as total from E#time_batch(2 sec)',
    ];
    const steps = fc.array(
      fc.record({
        k: fc.constantFrom('a', 'b', null),
        x: fc.integer({ min: 0, max: 5 }),
        advance: fc.boolean(),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...selects), steps, (select, events) => {
        const within = run(`create context C partition by k from E; @Name('s') context C ${select}`);
        const alone = new Map(['a', 'b', null].map((key) => [key, run(`@Name('s') ${select}`)]));
        let nowMs = 0;
        for (const { k, x, advance } of events) {
          send(within.runtime, k, x);
          send(alone.get(k)!.runtime, k, x);
          if (!advance) continue;
          nowMs += 1000;
          for (const { runtime } of [within, ...alone.values()]) runtime.advanceTime(nowMs);
        }
        const rows = (deliveries: readonly unknown[][]) =>
          deliveries.flat().map((row) => JSON.stringify(row));
        const expected = [...alone.values()].flatMap(({ deliveries }) => rows(deliveries));
        expect(rows(within.deliveries).sort()).toEqual(expected.sort());
      }),
      { numRuns: 200 },
    );
  });

  it('forgets the state of a partition that has ended, and counts what the others hold', () => {
    const { runtime, statement } = run(
      "create context C partition by k from E terminated by E(x = 0); @Name('s') context C select sum(x) as n from E#keepall",
    );
    for (let i = 1; i <= 5; i++) for (const k of ['a', 'b']) send(runtime, k, i);
    expect(statement.counters.retained).toBe(10);
    send(runtime, 'a', 0);
    expect(statement.counters.retained).toBe(5);
    expect([...statement.rows()]).toEqual([{ n: 15 }]);
    send(runtime, 'a', 7);
    expect([...statement.rows()]).toEqual([{ n: 15 }, { n: 7 }]);
  });

  it('keeps all partitions of a statement within one limit', () => {
    const { runtime, statement } = run(
      "create context C partition by k from E; @Name('s') context C select sum(x) as n from E#keepall",
      { limits: { maxRetained: 3 }, overflow: 'drop-oldest' },
    );
    for (let i = 0; i < 10; i++) send(runtime, `k${i % 4}`, i);
    expect(statement.counters.retained).toBeLessThanOrEqual(3);
    expect(statement.counters.dropped).toBeGreaterThan(0);
  });

  it('tells what one move of the clock makes in several partitions together', () => {
    const { runtime, deliveries } = run(
      "create context C partition by k from E; @Name('s') context C select k, count(*) as n from E#time(1 sec)",
    );
    send(runtime, 'a', 1);
    send(runtime, 'b', 1);
    runtime.advanceTime(1000);
    expect(deliveries.at(-1)).toEqual([
      { k: 'a', n: 0 },
      { k: 'b', n: 0 },
    ]);
  });
});

describe('contexts of other kinds', () => {
  it('looks partitions up by what filters compare with the event that opened them', () => {
    const { runtime, deliveries } = run(
      `create context C initiated by F as f terminated by F(y = 0, k = f.k);
       @Name('s') context C select context.f.k as k, sum(x) as n from E(k = context.f.k) output last when terminated`,
    );
    for (const k of ['a', 'b']) runtime.sendEvent('F', { k, y: 1 });
    send(runtime, 'a', 1);
    send(runtime, 'b', 2);
    send(runtime, 'c', 4);
    send(runtime, 'a', 8);
    for (const k of ['b', 'a']) runtime.sendEvent('F', { k, y: 0 });
    expect(deliveries).toEqual([[{ k: 'b', n: 2 }], [{ k: 'a', n: 9 }]]);
  });

  it('has one partition for each value of distinct', () => {
    const { runtime, deliveries } = run(
      `create context C initiated by distinct(f.k) F as f terminated after 10 sec;
       @Name('s') context C select context.f.y as y, count(*) as n from E`,
    );
    for (const y of [1, 2]) runtime.sendEvent('F', { k: 'a', y });
    send(runtime, 'x', 1);
    expect(deliveries).toEqual([[{ y: 1, n: 1 }]]);
    runtime.advanceTime(10_000);
    runtime.sendEvent('F', { k: 'a', y: 3 });
    send(runtime, 'x', 1);
    expect(deliveries.slice(1)).toEqual([[{ y: 3, n: 1 }]]);
  });

  it('gives the rest at the end only where the condition of the output clause holds', () => {
    const { runtime, deliveries } = run(
      `create context C start F(y = 1) end F(y = 0);
       @Name('s') context C select count(*) as n from E output last when terminated and count_insert > 1`,
    );
    for (const events of [1, 2]) {
      runtime.sendEvent('F', { k: 'a', y: 1 });
      for (let i = 0; i < events; i++) send(runtime, 'x', i);
      runtime.sendEvent('F', { k: 'a', y: 0 });
    }
    expect(deliveries).toEqual([[{ n: 2 }]]);
  });

  it('reads of an outer level what the inner ones compare with', () => {
    const { runtime, deliveries } = run(
      `create context N context A partition by k from E, k from F, context B initiated by F(k = context.A.key1) as f terminated after 5 sec;
       @Name('s') context N select context.A.key1 as k, context.B.f.y as y, sum(x) as n from E`,
    );
    runtime.sendEvent('F', { k: 'a', y: 7 });
    send(runtime, 'a', 1);
    send(runtime, 'b', 1);
    expect(deliveries).toEqual([[{ k: 'a', y: 7, n: 1 }]]);
  });

  it('gives all integers a bucket, also negative ones', () => {
    const { runtime, deliveries } = run(
      "create context C coalesce by hash_code(x) from E granularity 4; @Name('s') context C select count(*) as n from E",
    );
    for (const x of [-3, 3, -7, -2147483648]) send(runtime, 'a', x);
    expect(deliveries).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 1 }]]);
  });
});

describe('the life of a context', () => {
  it('begins with its first statement and ends with its last', () => {
    const { runtime, deployment, statement } = run(
      "create context C partition by k from E; @Name('s') context C select context.id as id from E#keepall",
    );
    send(runtime, 'a', 1);
    send(runtime, 'b', 1);
    expect([...statement.rows()]).toEqual([{ id: 0 }, { id: 1 }]);
    runtime.undeploy(deployment);
    expect([...statement.rows()]).toEqual([]);
  });

  it('keeps no timers of partitions that have ended', () => {
    const { runtime, deliveries } = run(
      `create context C start F(y = 1) end F(y = 0);
       @Name('s') context C select count(*) as n from E output every 10 sec`,
    );
    runtime.sendEvent('F', { k: 'a', y: 1 });
    send(runtime, 'x', 1);
    runtime.sendEvent('F', { k: 'a', y: 0 });
    runtime.advanceTime(60_000);
    expect(deliveries).toEqual([]);
  });

  it('is printed by explain', () => {
    const module = moduleOf(`${schema} create context C partition by k from E(x > 1) terminated after 5 sec;
      @Name('s') context C select context.key1 as k, count(*) as n from E`);
    expect(explain(module)).toContain(
      'a partition for each k of E where (x > 1)\n  ended after 5000 ms\ns\n  in each partition of the context C',
    );
  });
});

describe('a mistake in a context', () => {
  it.each([
    ['create context C partition by k from E; context C select context.key2 from E', 'has id, name, key1'],
    ['context Nope select * from E', "unknown context 'Nope'"],
    ['create context Sources partition by k from E; context Source select * from E', 'Sources'],
    [
      'create context C partition by k from E; context C select * from F',
      'shares out E, but the statement reads F',
    ],
    ['create context C partition by k from E, y from F', 'the type of y is int, not string'],
    ['create context C group by x > 1 as a, group by x > 2 as a from E', "labelled 'a'"],
    ['create context C coalesce by hash_code(k) from E granularity 0', 'whole number above 0'],
    ['create context C start (1, 2, 3) end after 1 sec', 'a crontab has 5 or 6 fields'],
    ['create context C start F as f end F(y = g.y)', "'g.y'"],
    ['select * from E output last when terminated', 'needs a context'],
    ['create context C initiated by distinct(e.k) E terminated after 1 sec', 'with a name'],
  ])('is told: %s', (text, expected) => {
    const result = compile(`${schema} ${text}`);
    const printed = result.ok ? 'accepted' : result.diagnostics.map(formatDiagnostic).join('\n');
    expect(printed).toContain(expected);
  });
});
