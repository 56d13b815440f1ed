import { compileCondition } from '../../compile/compile-expression.ts';
import { compileContained } from '../../compile/contained-program.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import { compileRowMaker } from '../../compile/row-maker.ts';
import type { SplitPlan } from '../../plan/plan.ts';
import type { SelectHost } from '../select-instance.ts';
import type { Row } from '../statement.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** One running split of a stream: the first branch that takes the event, or all that do, insert a row of it. */
export function createSplitAction(
  plan: SplitPlan,
  statement: Pick<SelectHost, 'report' | 'insert'>,
  environment: Environment,
): TriggerAction {
  const branches = plan.branches.map(({ type, columns, wholeEvent, where, contained }) => ({
    target: type.name,
    expand: contained && compileContained(contained, false),
    where: where && compileCondition(where, false),
    makeRow: wholeEvent ? (event: Subject): Row => event : compileRowMaker(columns, type, false),
  }));
  return {
    run(event: Subject): void {
      let taken = false;
      for (const { target, expand, where, makeRow } of branches) {
        if (taken && !plan.all) break;
        for (const inner of expand === undefined ? [event] : (expand(event, environment) ?? [])) {
          if (where !== undefined && where(inner, null, environment) !== true) continue;
          taken = true;
          statement.insert(target, makeRow(inner, null, environment));
        }
      }
      // What no branch takes is the statement's own output.
      if (!taken) statement.report([event], []);
    },
    rows: () => [],
  };
}
