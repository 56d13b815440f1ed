import type { EventType } from '../runtime/event-type.ts';
import type { Bound } from './expression.ts';
import type { ColumnPlan, InputPlan, SelectPlan } from './plan.ts';
import type { LookupPlan } from './store-plan.ts';
import type { SubqueryPlan } from './subquery-plan.ts';

/**
 * `on Event …` on the rows of a named window or table. Expressions read three streams: 0 the row, 1 what triggers,
 * 2 the row as it was before an update (`initial`).
 */
export type StoreTriggerPlan = OnSelectPlan | OnDeletePlan | OnUpdatePlan | OnMergePlan;

/** What all triggers have. */
export interface TriggerBase {
  readonly input: InputPlan;
  readonly subqueries: readonly SubqueryPlan[];
  readonly rowType: EventType;
}

interface StoreTriggerBase extends TriggerBase {
  /** The named window or table. */
  readonly store: string;
  /** Which of its rows are meant. */
  readonly lookup: LookupPlan;
}

/** `on Event select … from W`, or `select and delete`. */
export interface OnSelectPlan extends StoreTriggerBase {
  readonly kind: 'on-select';
  /** Over the pairs of a row found and what triggers. */
  readonly select: SelectPlan;
  readonly andDelete: boolean;
}

export interface OnDeletePlan extends StoreTriggerBase {
  readonly kind: 'on-delete';
}

export interface OnUpdatePlan extends StoreTriggerBase {
  readonly kind: 'on-update';
  readonly assignments: readonly RowAssignment[];
}

/** One column, or one element of an array in a column. Assignments run one after the other and see what came before. */
export interface RowAssignment {
  readonly column: string;
  readonly index: Bound | undefined;
  readonly value: Bound;
}

/** `merge W …`: of each row found, or where none is, the first branch whose condition holds. */
export interface OnMergePlan extends StoreTriggerBase {
  readonly kind: 'on-merge';
  readonly branches: readonly MergeBranchPlan[];
  /** A row is inserted for each event, whatever is there: nothing is looked up. */
  readonly insertsOnly: boolean;
  /** Base events that each row which it makes carries as evidence, at most; 0: none. */
  readonly evidence: number;
}

export interface MergeBranchPlan {
  readonly matched: boolean;
  readonly condition: Bound | undefined;
  readonly actions: readonly MergeActionPlan[];
}

export type MergeActionPlan =
  | MergeInsertPlan
  | {
      readonly kind: 'update';
      readonly assignments: readonly RowAssignment[];
      readonly where: Bound | undefined;
    }
  | { readonly kind: 'delete'; readonly where: Bound | undefined };

/** A new row of the merged store, or of a stream. */
export interface MergeInsertPlan {
  readonly kind: 'insert';
  readonly type: EventType;
  /** Whether the row goes into the store that is merged. */
  readonly own: boolean;
  readonly columns: readonly ColumnPlan[];
  readonly where: Bound | undefined;
}
