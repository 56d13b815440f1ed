import type { BoundSubquery } from '../plan/expression.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import { boundsOf } from '../runtime/join/range-index.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { type ContainedEvents, compileContained } from './contained-program.ts';
import type { Condition, Evaluator, Subject } from './evaluator.ts';
import { compileGroupClass, type GroupClass } from './group-class.ts';
import { compileRowMaker, type RowMaker } from './row-maker.ts';
import { compileWindow, type WindowProgram } from './window-program.ts';

/** A subquery's plan with its functions, over the pair of an event and the parameters. */
export interface SubqueryProgram {
  readonly plan: SubqueryPlan;
  readonly window: WindowProgram;
  readonly filter: Condition | undefined;
  readonly contained: ContainedEvents | undefined;
  /** The values that the index is looked up by. */
  readonly lookup: readonly Evaluator[];
  readonly residual: Condition | undefined;
  readonly groupBy: readonly Evaluator[];
  readonly Group: GroupClass;
  readonly having: Condition | undefined;
  /** Of shape `value`. */
  readonly value: Evaluator;
  /** Of shape `row`. */
  readonly row: RowMaker;
}

export function compileSubquery(plan: SubqueryPlan): SubqueryProgram {
  const { input, columns, rowType } = plan;
  return {
    plan,
    window: compileWindow(input.window!),
    filter: input.lateFilter && compileCondition(input.lateFilter, false),
    contained: input.contained && compileContained(input.contained, false),
    lookup:
      plan.range === undefined
        ? plan.equalities.map(({ right }) => compileExpression(right.key, true))
        : boundsOf(plan.range),
    residual: plan.residual && compileCondition(plan.residual, true),
    groupBy: plan.groupBy.map((key) => compileExpression(key, true)),
    Group: compileGroupClass({ ...plan, evidence: 0 }, true, true),
    having: plan.having && compileCondition(plan.having, true),
    value: compileExpression(columns[0].value, true),
    row: compileRowMaker(columns, rowType, true),
  };
}

/** The expression that asks: it hands on the parameters and the value to compare with. */
export function subqueryExpression(
  { index, question }: BoundSubquery,
  outer: readonly Evaluator[],
  left: Evaluator | undefined,
): Evaluator {
  return (subject, group, environment) => {
    const parameters: Record<string, unknown> = {};
    for (let i = 0; i < outer.length; i++) parameters[`p${i}`] = outer[i](subject, group, environment);
    const subquery = environment.subqueries[index];
    const compared = left === undefined ? null : left(subject, group, environment);
    return subquery.answer(question, parameters as Subject, compared);
  };
}
