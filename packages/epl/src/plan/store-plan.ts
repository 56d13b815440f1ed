import type { EventType } from '../runtime/event-type.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Bound } from './expression.ts';
import type { AggregatePlan } from './plan.ts';
import type { WindowPlan } from './window-plan.ts';

/** What keeps rows under a name for other statements: a named window or a table. */
export type StorePlan = NamedWindowPlan | TablePlan;

/** `create window`. */
export interface NamedWindowPlan {
  readonly kind: 'create-window';
  readonly name: string;
  /** Of its rows, under its own name. */
  readonly type: EventType;
  /** The type that it was modelled on: `as Type`, `as select … from Type`. */
  readonly model: EventType | undefined;
  readonly window: WindowPlan;
  /** `insert`: it starts with the rows of another named window. */
  readonly fill: FillPlan | undefined;
}

export interface FillPlan {
  readonly from: string;
  /** Over a row of the other window. */
  readonly where: Bound | undefined;
  /** Over a row of the other window, in the order of the columns. */
  readonly columns: readonly { readonly name: string; readonly value: Bound }[];
}

/** `create table`. */
export interface TablePlan {
  readonly kind: 'create-table';
  readonly name: string;
  /** Of its rows as statements see them: an aggregation column has the type of its value. */
  readonly type: EventType;
  readonly columns: readonly TableColumnPlan[];
  /** The columns of the primary key; a table without one has a single row. */
  readonly keys: readonly string[];
}

export interface TableColumnPlan {
  readonly name: string;
  readonly type: PropertyType;
  /** Of an aggregation column, whose values `into table` statements feed. */
  readonly aggregate: AggregatePlan | undefined;
  /** The arguments of the aggregation as written: `sorted()` takes its keys from here. */
  readonly written?: readonly Expression[];
}

/** `create index`. */
export interface IndexPlan {
  readonly kind: 'create-index';
  readonly name: string;
  readonly store: string;
  readonly unique: boolean;
  /** Over a row. `hash` finds equal values, `btree` also ranges. */
  readonly columns: readonly { readonly value: Bound; readonly structure: 'hash' | 'btree' }[];
}

/** How the rows that fit a condition are found. */
export interface LookupPlan {
  /** `column`, over a row, equals `key`, over the pair of a row and a triggering event. */
  readonly equalities: readonly { readonly column: Bound; readonly key: Bound }[];
  /** Where there are no equalities: looked up in the order of a column. */
  readonly range: RangePlan | undefined;
  /** What must be tested of each row found, over the pair. */
  readonly residual: Bound | undefined;
  /** All of it, for those who look up in another way. */
  readonly where: Bound | undefined;
}

/** A column, over a row, between bounds, over the pair. A bound that is null fits nothing. */
export interface RangePlan {
  readonly column: Bound;
  readonly low: RangeBound | undefined;
  readonly high: RangeBound | undefined;
  /** Of `between` and `in [a:b]`: where the bounds are the wrong way round they are exchanged. */
  readonly swaps: boolean;
}

export interface RangeBound {
  readonly value: Bound;
  readonly included: boolean;
}
