import type { QueryContext, QueryPlan } from '../plan/query-plan.ts';
import { compileExpression } from './compile-expression.ts';
import type { Evaluator } from './evaluator.ts';
import { compileLookup, type LookupProgram } from './lookup-program.ts';
import { type Program, programOf } from './program.ts';
import { compileSubquery, type SubqueryProgram } from './subquery-program.ts';
import { type AssignmentProgram, compileAssignments } from './trigger-program.ts';

/** An on-demand query with its functions. */
export type QueryProgram = {
  readonly context: QueryContext | undefined;
  readonly subqueries: readonly SubqueryProgram[];
} & (
  | {
      readonly kind: 'query-select';
      readonly select: Program;
      /** Undefined of a join. */
      readonly lookup: LookupProgram | undefined;
      readonly into: string | undefined;
    }
  | {
      readonly kind: 'query-insert';
      readonly store: string;
      readonly rows: readonly (readonly { readonly name: string; readonly value: Evaluator }[])[];
    }
  | {
      readonly kind: 'query-update';
      readonly store: string;
      readonly lookup: LookupProgram;
      readonly assignments: readonly AssignmentProgram[];
    }
  | { readonly kind: 'query-delete'; readonly store: string; readonly lookup: LookupProgram }
);

export function compileQueryPlan(plan: QueryPlan): QueryProgram {
  const { context } = plan;
  const subqueries = plan.subqueries.map(compileSubquery);
  switch (plan.kind) {
    case 'query-select': {
      const { kind, select, lookup, into } = plan;
      return {
        kind,
        context,
        subqueries,
        select: programOf(select),
        lookup: lookup && compileLookup(lookup),
        into,
      };
    }
    case 'query-insert': {
      const rows = plan.rows.map((row) =>
        row.map(({ name, value }) => ({ name, value: compileExpression(value, false) })),
      );
      return { kind: plan.kind, context, subqueries, store: plan.store, rows };
    }
    case 'query-update': {
      const { kind, store, lookup, assignments } = plan;
      return {
        kind,
        context,
        subqueries,
        store,
        lookup: compileLookup(lookup),
        assignments: compileAssignments(assignments),
      };
    }
    case 'query-delete':
      return { kind: plan.kind, context, subqueries, store: plan.store, lookup: compileLookup(plan.lookup) };
    default:
      return plan satisfies never;
  }
}
