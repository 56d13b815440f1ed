import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './same-state.ts';
import { compiled, start } from './start.ts';

const windows = [
  '#length(4)',
  '#length_batch(3)',
  '#time(10 sec)',
  '#time_batch(7 sec)',
  '#time_accum(5 sec)',
  '#time_length_batch(9 sec, 3)',
  '#ext_timed(ts, 10 sec)',
  '#ext_timed_batch(ts, 8 sec)',
  '#time_order(ts, 6 sec)',
  '#unique(src)',
  '#firstunique(src)',
  '#sort(3, octets desc, src)',
  '#rank(src, 2, octets desc)',
  '#keepall',
  '#firsttime(20 sec)',
  '#expr(sum(octets) < 20)',
  '#expr_batch(count(*) >= 3)',
  '#groupwin(src)#length(2)',
  '#groupwin(src)#time(9 sec)',
  '#length(3)#time(8 sec)',
  '#length(2)#unique(src) retain-union',
];
const aggregates = [
  'count(*)',
  'sum(octets)',
  'avg(octets)',
  'max(octets)',
  'count(distinct octets)',
  'stddev(octets)',
  'median(octets)',
  'window(octets)',
  'first(octets)',
  'sorted(octets desc, ts)',
  'maxby(octets)',
  'sum(octets, group_by: src)',
];
const outputs = [
  '',
  'output every 3 events',
  'output last every 6 sec',
  'output all every 2 events',
  'output snapshot every 5 sec',
];

const statement = fc
  .record({
    window: fc.constantFrom(...windows),
    aggregate: fc.constantFrom(...aggregates),
    grouped: fc.boolean(),
    output: fc.constantFrom(...outputs),
    selector: fc.constantFrom('', 'irstream'),
  })
  .map(({ window, aggregate, grouped, output, selector }) => {
    const by = grouped && !aggregate.includes('group_by') ? 'group by src' : '';
    return `select ${selector} src, ${aggregate} as a from Flow${window} ${by} ${output};`;
  });

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ src: fc.constantFrom('a', 'b', 'c'), octets: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 6000 }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

describe('restarts in random streams', () => {
  it('change nothing, whatever windows, groups and output rates there are', () => {
    fc.assert(
      fc.property(
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        fc.array(step, { minLength: 5, maxLength: 50 }),
        (statements, steps) => {
          const module = compiled(
            `create schema Flow(src string, octets int, ts long); ${statements.join('\n')}`,
          );
          const without = start(module);
          let at = start(module);
          let nowMs = 0;
          for (const one of steps) {
            if (one === 'restart') {
              const next = at.restart();
              expect(next.report.statements.every(({ outcome }) => outcome === 'restored')).toBe(true);
              expect(differenceOf(at.runtime, next.runtime)).toBeUndefined();
              at = next;
            } else if (typeof one === 'number') {
              nowMs += one;
              for (const { runtime } of [without, at]) runtime.advanceTime(nowMs);
            } else
              for (const { runtime } of [without, at])
                runtime.sendEvent('Flow', { ...one, ts: nowMs - (one.octets % 4) * 1000 });
            expect(at.take()).toEqual(without.take());
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
