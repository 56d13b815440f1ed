import { compileAssignments } from '../../compile/assignment-program.ts';
import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { SetPlan } from '../../plan/plan.ts';
import { assignVariables } from '../assign-variables.ts';
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
  const assignments = compileAssignments(plan.assignments);
  const current = (): Row => {
    const row = new plan.rowType.Instance() as Record<string, unknown>;
    for (const { name, property } of plan.assignments) {
      const value = variables.values.get(name) ?? null;
      if (property === undefined) row[name] = value;
      else row[`${name}.${property}`] = (value as Row | null)?.[property] ?? null;
    }
    return row;
  };
  return {
    run(event: Subject): void {
      assignVariables(assignments, event, variables, environment);
      statement.report([current()], []);
    },
    rows: () => [current()],
  };
}
