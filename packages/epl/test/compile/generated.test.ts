import { compile, formatDiagnostic } from '@flowpact/epl';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/compile/compile-expression.ts';
import type { Subject } from '../../src/compile/evaluator.ts';
import { programOf } from '../../src/compile/program.ts';
import type { SelectPlan } from '../../src/plan/plan.ts';
import { createAggregator } from '../../src/runtime/aggregates/create-aggregator.ts';

function planOf(text: string): SelectPlan {
  const result = compile(`create map schema E(k string, a.n int, l long, d double, ok boolean); ${text}`);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.module.statements[1].plan as SelectPlan;
}

const event: fc.Arbitrary<Subject> = fc.record({
  k: fc.option(fc.constantFrom('x', 'y', '%')),
  'a.n': fc.option(fc.integer()),
  l: fc.option(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }))),
  d: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  ok: fc.option(fc.boolean()),
});
const environment = { nowMs: 5, isNew: true, subqueries: [] };

describe('generated code gives what the closures give', () => {
  it('rows', () => {
    const plan = planOf(
      `select k, a.n, l + 1 as m, case when ok then d else 0.0 end as c, a.n * 3 as t, k || '!' as s,
      coalesce(a.n, 7) as z, current_timestamp as now, 'it''s' as q, null as none from E`.replace(
        "it''s",
        "it\\'s",
      ),
    );
    const { makeRow } = programOf(plan);
    const closures = plan.result.columns.map(({ name, value }) => ({
      name,
      evaluate: compileExpression(value, false),
    }));
    fc.assert(
      fc.property(event, (subject) => {
        const row = makeRow(subject, null, environment);
        expect(Object.keys(row)).toEqual(closures.map(({ name }) => name));
        for (const { name, evaluate } of closures)
          expect(row[name]).toBe(evaluate(subject, null, environment));
      }),
    );
  });

  it('groups', () => {
    const plan =
      planOf(`select k, count(*), count(k), sum(a.n), sum(l), sum(d), avg(a.n), avg(l), max(d), sum(l, ok),
      count(distinct k), avg(distinct a.n), first(k), count(*, a.n > 3), sum(a.n + 1) from E#length(4) group by k`);
    const { Group } = programOf(plan);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const group = new Group(['x']);
        const objects = plan.aggregates.map((aggregate) => ({
          aggregator: createAggregator(aggregate, true),
          argument: aggregate.argument && compileExpression(aggregate.argument, false),
          filter: aggregate.filter && compileExpression(aggregate.filter, false),
        }));
        const step = (move: 'enter' | 'leave', subject: Subject) => {
          group[move](subject, environment);
          for (const { aggregator, argument, filter } of objects) {
            if (filter !== undefined && filter(subject, null, environment) !== true) continue;
            aggregator[move](argument === undefined ? subject : argument(subject, null, environment));
          }
        };
        events.forEach((subject, i) => {
          step('enter', subject);
          if (i >= 4) step('leave', events[i - 4]);
          objects.forEach(({ aggregator }, j) => {
            expect(group.aggregate(j)).toBe(aggregator.value());
          });
        });
        expect(group.key(0)).toBe('x');
      }),
    );
  });
});
