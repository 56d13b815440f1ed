import type { Bound } from '../plan/expression.ts';
import { conjuncts, someNode } from '../plan/expression-walk.ts';
import type { InputPlan, StatementPlan } from '../plan/plan.ts';
import type { NamedWindowPlan } from '../plan/store-plan.ts';
import { readsStore } from '../plan/window-plan.ts';
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
    case 'on-select':
    case 'on-delete':
    case 'on-update':
    case 'on-merge':
      return [plan.input];
    case 'create-window':
      return [rowsFor(plan)];
    case 'create-table':
    case 'create-index':
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

/** The rows that are inserted into a named window. */
const rowsFor = ({ name, type }: NamedWindowPlan): InputPlan => ({
  name,
  type,
  filter: [],
  lateFilter: undefined,
  window: undefined,
});

/** Rows of a named window belong to the partitions of the events that it is modelled on. */
export const routedAs = (plan: StatementPlan): EventType | undefined =>
  plan.kind === 'create-window' ? plan.model : undefined;

/**
 * All streams that a statement reads, by the numbers that it knows them by, in the order in which it sees an event:
 * subqueries below 0, since what they keep changes first; then the inputs; behind them the filters of all patterns.
 * Named windows tell their readers themselves, and tables tell nobody.
 */
export function readersOf(plan: StatementPlan): ReadonlyMap<number, Reader> {
  const inputs = inputsOf(plan);
  const subqueries = 'subqueries' in plan ? plan.subqueries : [];
  const readers = new Map<number, Reader>();
  subqueries.forEach(({ input }, i) => {
    if (!readsStore(input.window)) readers.set(i - subqueries.length, input);
  });
  inputs.forEach((input, i) => {
    if (input.pattern === undefined && !readsStore(input.window)) readers.set(i, input);
  });
  let next = inputs.length;
  for (const { pattern } of inputs) {
    for (const { type, fixed, dynamic } of pattern?.filters ?? [])
      readers.set(next++, { type, filter: fixed, lateFilter: undefined, dynamic });
  }
  return readers;
}

/**
 * Whether the statement takes an event whole before it acts: one with a pattern, with an order, or that reads events of
 * one type in several places.
 */
export function gathersEvents(plan: StatementPlan): boolean {
  const inputs = inputsOf(plan);
  if (inputs.some(({ pattern }) => pattern !== undefined)) return true;
  if (plan.kind === 'select' && plan.orderBy.length > 0) return true;
  const read = inputs.filter(({ window }) => !readsStore(window)).map(({ type }) => type);
  const subqueries = 'subqueries' in plan ? plan.subqueries : [];
  const inside = subqueries.filter(({ input }) => !readsStore(input.window)).map(({ input }) => input.type);
  const related = (a: EventType, b: EventType) =>
    a === b || a.supertypes.includes(b) || b.supertypes.includes(a);
  return read.some((type, i) => [...read.slice(i + 1), ...inside].some((other) => related(type, other)));
}

/** The same as a context sees them. */
export function partitionedInputsOf(plan: StatementPlan): ReadonlyMap<number, PartitionedInput> {
  const readers = [...readersOf(plan)];
  return new Map(
    readers.map(([number, { type: read, filter, lateFilter }]) => {
      const type = routedAs(plan) ?? read;
      const correlated = conjuncts(lateFilter).filter((part) =>
        someNode(part, ({ kind }) => kind === 'context'),
      );
      return [number, { type, filtered: filter.length > 0 || lateFilter !== undefined, correlated }];
    }),
  );
}
