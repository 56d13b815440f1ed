import type { Bound } from '../plan/expression.ts';
import { conjuncts, someNode } from '../plan/expression-walk.ts';
import type { InputPlan, StatementPlan } from '../plan/plan.ts';
import type { PartitionedInput } from './context/partitioned-statement.ts';
import type { EventType } from './event-type.ts';

/** One of the streams that a statement reads, as the filter index of its type needs to know it. */
export interface Reader {
  readonly type: EventType;
  readonly filter: readonly Bound[];
  readonly lateFilter: Bound | undefined;
  readonly dynamic?: readonly string[];
}

/** The items of the from clause, or what triggers the statement. */
export function inputsOf(plan: StatementPlan): readonly InputPlan[] {
  switch (plan.kind) {
    case 'select':
      return plan.inputs;
    case 'on-set':
    case 'on-split':
      return [plan.input];
    case 'create-schema':
    case 'create-variable':
    case 'create-context':
    case 'create-expression':
    case 'update-stream':
      return [];
    default:
      return plan satisfies never;
  }
}

/**
 * All streams that a statement reads, by the numbers that it knows them by, in the order in which it sees an event:
 * subqueries below 0, since what they keep changes first; then the inputs; behind them the filters of all patterns.
 */
export function readersOf(plan: StatementPlan): ReadonlyMap<number, Reader> {
  const inputs = inputsOf(plan);
  const subqueries = plan.kind === 'select' ? plan.subqueries : [];
  const readers = new Map<number, Reader>();
  subqueries.forEach(({ input }, i) => {
    readers.set(i - subqueries.length, input);
  });
  inputs.forEach((input, i) => {
    if (input.pattern === undefined) readers.set(i, input);
  });
  let next = inputs.length;
  for (const { pattern } of inputs) {
    for (const { type, fixed, dynamic } of pattern?.filters ?? [])
      readers.set(next++, { type, filter: fixed, lateFilter: undefined, dynamic });
  }
  return readers;
}

/** The same as a context sees them. */
export function partitionedInputsOf(plan: StatementPlan): ReadonlyMap<number, PartitionedInput> {
  const readers = [...readersOf(plan)];
  return new Map(
    readers.map(([number, { type, lateFilter }]) => {
      const correlated = conjuncts(lateFilter).filter((part) =>
        someNode(part, ({ kind }) => kind === 'context'),
      );
      return [number, { type, correlated }];
    }),
  );
}
