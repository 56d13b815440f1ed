import type { EventType } from '../runtime/event-type.ts';
import type { ColumnPlan, SelectPlan } from './plan.ts';
import type { LookupPlan } from './store-plan.ts';
import type { SubqueryPlan } from './subquery-plan.ts';
import type { RowAssignment } from './trigger-plan.ts';

/** An on-demand query: run once, over what named windows and tables hold now. */
export type QueryPlan = QuerySelectPlan | QueryInsertPlan | QueryUpdatePlan | QueryDeletePlan;

interface QueryBase {
  /** Where what it reads or changes lives in the partitions of a context. */
  readonly context?: QueryContext;
  readonly subqueries: readonly SubqueryPlan[];
  readonly rowType: EventType;
}

export interface QueryContext {
  readonly name: string;
  /**
   * `each`: it runs in each partition for itself, and gives the rows of one after those of the other. `all`: what the
   * partitions hold is looked at as one.
   */
  readonly scope: 'each' | 'all';
}

export interface QuerySelectPlan extends QueryBase {
  readonly kind: 'query-select';
  readonly select: SelectPlan;
  /** How the rows of the only store are found; undefined of a join. */
  readonly lookup: LookupPlan | undefined;
  /** `insert into W select …`. */
  readonly into: string | undefined;
}

export interface QueryInsertPlan extends QueryBase {
  readonly kind: 'query-insert';
  readonly store: string;
  readonly rows: readonly (readonly ColumnPlan[])[];
}

export interface QueryUpdatePlan extends QueryBase {
  readonly kind: 'query-update';
  readonly store: string;
  readonly lookup: LookupPlan;
  readonly assignments: readonly RowAssignment[];
}

export interface QueryDeletePlan extends QueryBase {
  readonly kind: 'query-delete';
  readonly store: string;
  readonly lookup: LookupPlan;
}
