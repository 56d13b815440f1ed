import type { SelectPlan } from '../plan/plan.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Evaluator } from './evaluator.ts';

/** How one aggregate of an `into table` statement is fed, and into which columns. */
export interface TableFeed {
  readonly columns: readonly string[];
  /** Undefined for `count(*)`. */
  readonly argument: Evaluator | undefined;
  readonly filter: Condition | undefined;
}

/** By the places of the statement's aggregates. */
export const compileTableFeeds = ({ aggregates, intoTable, join }: SelectPlan): readonly TableFeed[] =>
  aggregates.map(({ argument, filter }, index) => ({
    columns: intoTable!.columns.filter(({ aggregate }) => aggregate === index).map(({ column }) => column),
    argument: argument && compileExpression(argument, join !== undefined),
    filter: filter && compileCondition(filter, join !== undefined),
  }));
