import type { EventType } from '../runtime/event-type.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Comparison } from '../syntax/expression.ts';
import type { StreamSelector } from '../syntax/select.ts';
import type { ExpressionDeclaration } from '../syntax/statement.ts';
import type { AggregationDefinition } from '../user-definitions.ts';
import type { ContainedPlan } from './contained-plan.ts';
import type { ContextPlan } from './context-plan.ts';
import type { Bound } from './expression.ts';
import type { OutputPlan } from './output-plan.ts';
import type { PatternPlan } from './pattern-plan.ts';
import type { RecognizePlan } from './recognize-plan.ts';
import type { IndexPlan, StorePlan } from './store-plan.ts';
import type { SubqueryPlan } from './subquery-plan.ts';
import type { StoreTriggerPlan, TriggerBase } from './trigger-plan.ts';
import type { WindowPlan } from './window-plan.ts';

export type { Comparison, StreamSelector, WindowPlan };

/** The number of a stream in the from clause, from 0. */
export type StreamReference = number;

/** What a statement does, as plain data: printed by `explain`, read by the compiler of functions. */
export type StatementPlan =
  | SchemaPlan
  | SelectPlan
  | UpdatePlan
  | VariablePlan
  | SetPlan
  | SplitPlan
  | ContextPlan
  | ExpressionPlan
  | StorePlan
  | IndexPlan
  | StoreTriggerPlan;

export interface SchemaPlan {
  readonly kind: 'create-schema';
  readonly type: EventType;
}

/** `create expression`: it stands in the plans of the statements that call it. */
export interface ExpressionPlan {
  readonly kind: 'create-expression';
  readonly name: string;
  readonly parameters: readonly string[];
  readonly declaration: ExpressionDeclaration;
}

/** `create variable`. */
export interface VariablePlan {
  readonly kind: 'create-variable';
  readonly name: string;
  readonly type: PropertyType;
  readonly initial: unknown;
  readonly constant: boolean;
  readonly rowType: EventType;
}

/** `name = value`, or with an index the element of an array. */
export interface VariableAssignment {
  readonly name: string;
  readonly index?: Bound;
  /** Of an event that the variable holds. */
  readonly property?: string;
  readonly value: Bound;
}

/** `on Event set …`: one after the other, each sees what the ones before it have set. */
export interface SetPlan extends TriggerBase {
  readonly kind: 'on-set';
  readonly assignments: readonly VariableAssignment[];
}

/** `on Event insert into … where … insert into …`: the first branch that takes the event, or all that do. */
export interface SplitPlan extends TriggerBase {
  readonly kind: 'on-split';
  readonly all: boolean;
  readonly branches: readonly SplitBranchPlan[];
}

export interface SplitBranchPlan {
  /** It takes the events inside of the event instead of the event. */
  readonly contained?: ContainedPlan;
  readonly type: EventType;
  readonly columns: readonly ColumnPlan[];
  readonly wholeEvent: boolean;
  readonly where: Bound | undefined;
}

export interface UpdateAssignment {
  readonly name: string;
  /** Of an element of an array. */
  readonly index: Bound | undefined;
  readonly value: Bound;
}

/** `update istream`: changes events before any statement sees them. */
export interface UpdatePlan {
  readonly kind: 'update-stream';
  readonly type: EventType;
  /** All of them read the event as it came. */
  readonly assignments: readonly UpdateAssignment[];
  readonly where: Bound | undefined;
  readonly subqueries: readonly SubqueryPlan[];
  /** Lower priorities are applied first. */
  readonly priority: number;
  /** `@Drop`: no statement sees the events that it would change. */
  readonly drop: boolean;
}

export interface SelectPlan {
  readonly kind: 'select';
  readonly inputs: readonly InputPlan[];
  /** Undefined for a statement over one stream. */
  readonly join: JoinPlan | undefined;
  /** What remains to be tested after windows and join; a filter of a windowless statement stands at its input. */
  readonly where: Bound | undefined;
  readonly groupBy: readonly Bound[];
  /** Of rollup, cube and grouping sets: the keys, by their places, of each level. */
  readonly groupingSets?: readonly (readonly number[])[];
  readonly aggregates: readonly AggregatePlan[];
  /** All subqueries of its expressions, which name them by their index. */
  readonly subqueries: readonly SubqueryPlan[];
  readonly result: ResultPlan;
  readonly having: Bound | undefined;
  readonly orderBy: readonly OrderPlan[];
  readonly distinct: boolean;
  readonly limit: LimitPlan | undefined;
  readonly delivery?: DeliveryPlan;
  /** Undefined where rows are given with each change. */
  readonly output: OutputPlan | undefined;
  /** Which rows go to listeners. */
  readonly selector: StreamSelector;
  readonly insertInto: { readonly type: EventType; readonly selector: StreamSelector } | undefined;
  /** Its aggregates live in the rows of a table. */
  readonly intoTable?: IntoTablePlan;
  readonly reclaim?: ReclaimPlan;
  readonly rowType: EventType;
  /** `@IterableUnbound`: without a window the last event can be iterated. */
  readonly iterableUnbound?: boolean;
  readonly retention: RetentionPlan;
  /** Base events that each row carries as evidence, at most; 0: none. */
  readonly evidence: number;
}

/** Groups that no event has entered for so long are given up. Seconds, or the names of variables that hold them. */
export interface ReclaimPlan {
  readonly agedSec: number | string;
  /** How often they are looked for, at most. */
  readonly everySec: number | string;
}

/** `into table`: the groups of the statement are rows of the table. */
export interface IntoTablePlan {
  readonly table: string;
  /** An aggregate of the statement, by its place, and the column that it feeds. */
  readonly columns: readonly { readonly aggregate: number; readonly column: string }[];
}

export interface InputPlan {
  /** Its alias, else the name of its type. */
  readonly name: string;
  readonly type: EventType;
  /** Where the events are the matches of a pattern. */
  readonly pattern?: PatternPlan;
  /** What makes rows of those that come out of the window. */
  readonly recognize?: RecognizePlan;
  /** Conjuncts, all of which must be true. The shared index of the event type takes the ones that it can. */
  readonly filter: readonly Bound[];
  /** What of the filter only the statement itself can test: it asks its subqueries or its context's partition. */
  readonly lateFilter: Bound | undefined;
  /** The events inside of its events, which windows and rows are made of. */
  readonly contained?: ContainedPlan;
  readonly window: WindowPlan | undefined;
  /** Names that are read although the type does not declare them: `extra?`. */
  readonly dynamic?: readonly string[];
  /** What `prev` and `prior` ask for: the window's events, and how many that came before. */
  readonly history?: { readonly previous: boolean; readonly prior: number };
}

/** How the streams join. */
export interface JoinPlan extends JoinConditions {
  /**
   * Undefined where all joins are inner. Else how each stream from the second on joins all before it; the conditions
   * of the plan itself are then tested on the joined rows.
   */
  readonly outer: readonly OuterStep[] | undefined;
  /** The unidirectional stream: only its events make rows, and they are not kept. */
  readonly driver: StreamReference | undefined;
}

export interface JoinConditions {
  /** `left` of an earlier stream equals `right` of a later one: looked up in an index. */
  readonly equalities: readonly JoinEquality[];
  /** Conjuncts that are tested on the joined rows. */
  readonly residual: readonly Bound[];
  /** What of the residual is looked up in the order of a value, where no equality serves. */
  readonly ranges: readonly JoinRange[];
}

/** A value of one stream between bounds that other streams, or constants, give. */
export interface JoinRange {
  readonly stream: StreamReference;
  readonly key: Bound;
  readonly low: RangeBound | undefined;
  readonly high: RangeBound | undefined;
  /** `between`: the lower of the two bounds may be written last. */
  readonly eitherWay: boolean;
  /** That the bounds read. */
  readonly streams: readonly StreamReference[];
}

export interface RangeBound {
  readonly value: Bound;
  readonly included: boolean;
}

export interface OuterStep extends JoinConditions {
  readonly kind: 'inner' | 'left' | 'right' | 'full';
}

export interface JoinEquality {
  readonly left: { readonly stream: StreamReference; readonly key: Bound };
  readonly right: { readonly stream: StreamReference; readonly key: Bound };
}

export type AggregateFunction =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'minever'
  | 'maxever'
  | 'median'
  | 'stddev'
  | 'avedev'
  | 'first'
  | 'last'
  | 'window'
  | 'firstever'
  | 'lastever'
  | 'countever'
  | 'nth'
  | 'rate'
  | 'rate-of-window'
  | 'leaving'
  | 'sorted'
  | 'maxby'
  | 'minby'
  | 'maxbyever'
  | 'minbyever'
  | 'user';

export interface AggregatePlan {
  readonly function: AggregateFunction;
  readonly type: PropertyType;
  readonly distinct: boolean;
  /** Undefined for `count(*)`; where an aggregate takes several values, an array of these. */
  readonly argument: Bound | undefined;
  /** Of `sorted`, `maxby` and their like: which of the keys run downwards. */
  readonly descending?: readonly boolean[];
  /** Of an aggregate with groups of its own: `group_by:`. */
  readonly groupBy?: readonly Bound[];
  /** Of an aggregate that the program registered. */
  readonly definition?: AggregationDefinition;
  /** `first(x, 2)`: counted from the first, or from the last for `last` and `nth`; of `rate` the seconds. */
  readonly position: number;
  /** Its argument is an event and the value of that event, which is told apart by the event. */
  readonly byEvent?: boolean;
  /** Only events for which it is true count. */
  readonly filter: Bound | undefined;
  /** As printed in default column names. */
  readonly text: string;
}

/** The shape of the answer: which rows come out of which change. */
export interface ResultPlan {
  readonly kind:
    | 'per-event'
    | 'one-row'
    | 'per-event-totals'
    | 'per-group'
    | 'per-event-group-totals'
    | 'rollup';
  readonly columns: readonly ColumnPlan[];
  /** The rows are the events of the stream themselves: `select *`. */
  readonly wholeEvent: boolean;
  /** `transpose`: the event or map that each row is made of, in the place of the columns. */
  readonly from?: Bound;
}

export interface ColumnPlan {
  readonly name: string;
  readonly value: Bound;
}

/** `for grouped_delivery (k)`: a delivery for each value of the columns. Without columns one for each row. */
export interface DeliveryPlan {
  readonly columns: readonly string[];
}

export interface LimitPlan {
  /** Undefined for all rows. A variable is read anew for each delivery. */
  readonly count: number | string | undefined;
  readonly offset: number | string;
}

export interface OrderPlan {
  readonly value: Bound;
  readonly descending: boolean;
}

/**
 * What the windows keep.
 * - `events`: leaving events are handed on, so they are kept while they are in the window.
 * - `counters`: a batch window feeds only aggregates that never look back: events are counted on arrival and forgotten.
 * - `counts`: a batch or sliding window feeds only `count(*)`: of an event nothing is kept but which group it is in, and
 *   when it leaves.
 */
export type RetentionPlan = 'events' | 'counters' | 'counts';
