import type { AggregatePlan } from '../plan/plan.ts';
import { createAggregator } from '../runtime/aggregates/create-aggregator.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Evaluator } from './evaluator.ts';

/** An aggregate with groups of its own, with its functions. */
export interface LocalProgram {
  readonly plan: AggregatePlan;
  readonly keys: readonly Evaluator[];
  readonly argument: Evaluator | undefined;
  readonly filter: Condition | undefined;
  readonly leaves: boolean;
  /** What a group without events gives. */
  readonly empty: unknown;
}

/** By the places of the aggregates; undefined for those that belong to the statement's groups. */
export function compileLocals(
  aggregates: readonly AggregatePlan[],
  leaves: boolean,
  joined: boolean,
): readonly (LocalProgram | undefined)[] {
  return aggregates.map((plan) => {
    if (plan.groupBy === undefined) return undefined;
    return {
      plan,
      keys: plan.groupBy.map((key) => compileExpression(key, joined)),
      argument: plan.argument && compileExpression(plan.argument, joined),
      filter: plan.filter && compileCondition(plan.filter, joined),
      leaves,
      empty: createAggregator(plan, leaves).value(),
    };
  });
}
