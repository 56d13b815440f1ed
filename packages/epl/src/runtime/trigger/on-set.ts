import { compileExpression } from '../../compile/compile-expression.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { SetPlan } from '../../plan/plan.ts';
import type { SelectHost } from '../select-instance.ts';
import type { Row } from '../statement.ts';
import type { Variables } from '../variable-store.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** One running `on Event set …`. */
export function createSetAction(
  plan: SetPlan,
  statement: Pick<SelectHost, 'report'>,
  variables: Variables,
  environment: Environment,
): TriggerAction {
  const assignments = plan.assignments.map(({ name, value }) => ({
    name,
    evaluate: compileExpression(value, false),
  }));
  const current = (): Row => {
    const row = new plan.rowType.Instance() as Record<string, unknown>;
    for (const { name } of plan.rowType.properties) row[name] = variables.values.get(name) ?? null;
    return row;
  };
  return {
    run(event: Subject): void {
      for (const { name, evaluate } of assignments) variables.set(name, evaluate(event, null, environment));
      statement.report([current()], []);
    },
    rows: () => [current()],
  };
}
