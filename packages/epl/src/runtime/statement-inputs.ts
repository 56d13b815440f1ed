import { conjuncts, someNode } from '../plan/expression-walk.ts';
import type { InputPlan, StatementPlan } from '../plan/plan.ts';
import type { PartitionedInput } from './context/partitioned-statement.ts';

/** The streams that a statement reads, by the numbers of its inputs; those of subqueries are below 0 and come first. */
export function inputsOf(plan: StatementPlan): ReadonlyMap<number, InputPlan> {
  switch (plan.kind) {
    case 'select': {
      // What a subquery keeps changes before the statement itself sees the event.
      const inputs = [...plan.subqueries.map(({ input }) => input), ...plan.inputs];
      return new Map(inputs.map((input, place) => [place - plan.subqueries.length, input]));
    }
    case 'on-set':
    case 'on-split':
      return new Map([[0, plan.input]]);
    case 'create-schema':
    case 'create-variable':
    case 'create-context':
    case 'create-expression':
    case 'update-stream':
      return new Map();
    default:
      return plan satisfies never;
  }
}

/** The same as a context sees them. */
export function partitionedInputsOf(plan: StatementPlan): ReadonlyMap<number, PartitionedInput> {
  const inputs = [...inputsOf(plan)];
  return new Map(
    inputs.map(([number, { type, lateFilter }]) => {
      const correlated = conjuncts(lateFilter).filter((part) =>
        someNode(part, ({ kind }) => kind === 'context'),
      );
      return [number, { type, correlated }];
    }),
  );
}
