import type { LookupPlan } from '../plan/store-plan.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Evaluator } from './evaluator.ts';

/** How rows are looked up, with its functions: these read the row, then what triggers the lookup. */
export interface LookupProgram {
  readonly plan: LookupPlan;
  /** Of the equalities. */
  readonly keys: readonly Evaluator[];
  readonly low: Evaluator | undefined;
  readonly high: Evaluator | undefined;
  readonly residual: Condition | undefined;
  readonly where: Condition | undefined;
}

export function compileLookup(plan: LookupPlan): LookupProgram {
  const { equalities, range, residual, where } = plan;
  return {
    plan,
    keys: equalities.map(({ key }) => compileExpression(key, true)),
    low: range?.low && compileExpression(range.low.value, true),
    high: range?.high && compileExpression(range.high.value, true),
    residual: residual && compileCondition(residual, true),
    where: where && compileCondition(where, true),
  };
}
