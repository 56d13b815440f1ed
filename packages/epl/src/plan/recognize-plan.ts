import type { EventType } from '../runtime/event-type.ts';
import type { Bound } from './expression.ts';
import type { Period } from './period.ts';
import type { AggregatePlan, ColumnPlan } from './plan.ts';

/**
 * `match_recognize`: sequences of rows that fit a regular expression. A partial match is, for expressions, an event of
 * type {@link rows} with a property for each variable: its row, or the array of its rows.
 */
export interface RecognizePlan {
  /** Of what comes out: the measures. */
  readonly type: EventType;
  /** Of the partial match. */
  readonly rows: EventType;
  readonly variables: readonly RowVariablePlan[];
  readonly automaton: RowAutomaton;
  readonly partitionBy: readonly Bound[];
  /** Over the partial match. */
  readonly measures: readonly ColumnPlan[];
  /** Of the measures, each over the rows of one variable. */
  readonly aggregates: readonly { readonly variable: number; readonly aggregate: AggregatePlan }[];
  readonly allMatches: boolean;
  readonly skip: 'next row' | 'past last row' | 'current row';
  readonly interval: { readonly period: Period; readonly orTerminated: boolean } | undefined;
  /** How many earlier rows of a partition `prev` asks for. */
  readonly previous: number;
}

export interface RowVariablePlan {
  readonly name: string;
  /** It may take several rows. */
  readonly multiple: boolean;
  /** Over the row, or over the row and the partial match before it; undefined where every row fits. */
  readonly define: Bound | undefined;
  /** The definition reads the partial match. */
  readonly readsMatch: boolean;
}

/** The pattern as an automaton without empty steps: each position takes one row. */
export interface RowAutomaton {
  readonly positions: readonly RowPosition[];
  /** The positions that the first row may take, in the order in which they are tried. */
  readonly starts: readonly number[];
}

export interface RowPosition {
  readonly variable: number;
  /** The positions of the next row, in the order in which they are tried: what repeats comes before what follows. */
  readonly next: readonly number[];
  /** A match may end here. */
  readonly isEnd: boolean;
  /** Its rows count where one of several matches is chosen: under a greedy `*` or `?`. */
  readonly isCounted: boolean;
}
