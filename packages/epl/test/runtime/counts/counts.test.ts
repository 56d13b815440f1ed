import { compile, createRuntime, explain, type Row, type RuntimeConfig } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../snapshot/same-state.ts';

const windows = ['#time(4 sec)', '#length(3)', '#length(1)', '#time_batch(3 sec)', '#length_batch(3)'];
const shapes = [
  'k, count(*) as c from E@ group by k',
  'n, k, count(*) as c, count(*) * 2 as d from E@ group by k, n',
  'k || "x" as kx, count(*) as c from E@ group by k having count(*) > 1',
  'k, count(*) as c from E@ group by k order by count(*) desc, k',
  'x / 2 as h, count(*) as c from E@ group by x / 2',
  'boom(x) as b, count(*) as c from E@ group by boom(x)',
  'count(*) as c from E@',
  'count(*) as c, current_timestamp() as t from E@ having count(*) <> 2',
];

const statement = fc
  .tuple(
    fc.constantFrom('', 'irstream ', 'rstream '),
    fc.constantFrom(...windows),
    fc.constantFrom(...shapes),
  )
  .map(([selector, window, shape]) => `select ${selector}${shape.replace('@', window)}`);

/** The same as a whole, or in partitions. */
const statementAnywhere = fc
  .tuple(fc.constantFrom('', 'context ByKey '), statement)
  .map(([context, select]) => context + select);

const long = 'a text that is longer than what is packed into words';
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      k: fc.constantFrom('a', 'b', null, long, `${long}.`),
      n: fc.constantFrom(null, 0.5, 1, Number.NaN),
      x: fc.nat(5),
    }),
  },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 2500 }) },
  { weight: 1, arbitrary: fc.constant(-700) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

const boom = (x: number) => {
  if (x === 3) throw new Error('three');
  return x;
};

/** Without the evidence. */
const plain = (row: Row): Row => Object.fromEntries(Object.entries(row));

const declared = 'create schema E(k string, n double, x int); create context ByKey partition by k from E;';

/** What a statement over events `E` gives; with `evidence` its events or its groups are kept. */
function begin(select: string, evidence: number, config: RuntimeConfig = {}) {
  const result = compile(`${declared} @Name('s') ${select};`, {
    evidence: () => evidence,
    functions: [{ name: 'boom', parameters: ['int'], result: 'int', call: boom }],
  });
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  const { module } = result;
  const given: { readonly newRows: readonly Row[]; readonly oldRows: readonly Row[] }[] = [];
  const deploy = () => {
    const runtime = createRuntime(config);
    const found = runtime.deploy(module).statement('s')!;
    found.addListener(({ newRows, oldRows }) =>
      given.push({ newRows: newRows.map(plain), oldRows: oldRows.map(plain) }),
    );
    return { runtime, statement: found };
  };
  return { module, given, deploy };
}

/** What is given and held, step by step. */
function trace(
  select: string,
  evidence: number,
  steps: readonly unknown[],
  config?: RuntimeConfig,
): unknown[] {
  const { given, deploy } = begin(select, evidence, config);
  let { runtime, statement: running } = deploy();
  const told: unknown[] = [];
  let nowMs = 10_000;
  for (const one of steps) {
    if (one === 'restart') {
      const next = deploy();
      next.runtime.restore(runtime.snapshot());
      expect(differenceOf(runtime, next.runtime)).toBeUndefined();
      ({ runtime, statement: running } = next);
    } else if (typeof one === 'number') {
      nowMs += one;
      runtime.advanceTime(nowMs);
    } else runtime.sendEvent('E', { ...(one as object) });
    // Where an event was kept, but its group could not be, the group has a row of zeros only if the event is there.
    const rows = config === undefined ? [...running.rows()].map(plain) : [];
    told.push(given.splice(0), rows, running.counters.retained);
  }
  return told;
}

describe('a statement that only counts', () => {
  it('gives what it gives where events are kept', () => {
    fc.assert(
      fc.property(statementAnywhere, fc.array(step, { minLength: 3, maxLength: 60 }), (select, steps) => {
        expect(explain(begin(select, 0).module)).toContain('retain count');
        expect(trace(select, 0, steps)).toEqual(trace(select, 1, steps));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it.each(['refuse', 'drop-oldest'] as const)(
    'keeps to its limit as others do: %s',
    (overflow) => {
      const config = { overflow, limits: { maxRetained: 5 } };
      fc.assert(
        fc.property(statement, fc.array(step, { minLength: 3, maxLength: 60 }), (select, steps) => {
          expect(trace(select, 0, steps, config)).toEqual(trace(select, 1, steps, config));
        }),
        { numRuns: 200 },
      );
    },
    120_000,
  );

  it('counts very many groups, and forgets those that have gone', () => {
    const { deploy, given } = begin('select k, count(*) as c from E#time(1 sec) group by k', 0);
    const { runtime, statement: running } = deploy();
    for (let second = 0; second < 6; second++) {
      runtime.advanceTime(second * 1000);
      for (let i = 0; i < 20_000; i++) runtime.sendEvent('E', { k: `${second % 2}-${i >> 1}` });
      expect(running.counters.retained).toBe(30_000);
    }
    // All that leave at a time are one change.
    const last = given.filter(({ newRows }) => newRows.length > 1);
    expect(last.map(({ newRows }) => newRows.length)).toEqual(new Array(5).fill(10_000));
    expect(last.every(({ newRows }) => newRows.every(({ c }) => c === 0))).toBe(true);
    expect([...running.rows()]).toHaveLength(10_000);
    runtime.advanceTime(10_000);
    expect([...running.rows()]).toEqual([]);
    expect(running.counters.retained).toBe(0);
  });

  it('does not keep the events', () => {
    const texts = [
      'select k, count(*) from E#time(1 min) group by k',
      'select count(*) from E#length(10)',
      'select k, count(*) from E#time_batch(1 min) where x > 1 group by k',
    ];
    for (const text of texts) expect(explain(begin(text, 0).module)).toContain('retain counts only');
    const others = [
      'select k, count(*), x from E#time(1 min) group by k',
      'select k, count(x) from E#time(1 min) group by k',
      'select k, count(*), sum(x) from E#time(1 min) group by k',
      'select k, count(*) from E#time(1 min) where x > 1 group by k',
      'select k, count(*) from E#unique(x) group by k',
      'select k, count(*) from E#time(1 min) group by k output last every 5 sec',
    ];
    for (const text of others) expect(explain(begin(text, 0).module)).toContain('retain the events');
  });
});
