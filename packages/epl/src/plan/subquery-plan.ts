import type { EventType } from '../runtime/event-type.ts';
import type { Bound } from './expression.ts';
import type { AggregatePlan, ColumnPlan, InputPlan, JoinEquality, JoinRange } from './plan.ts';

/**
 * A select inside of an expression. Its own expressions read a pair: an event of its stream, and the parameters, the
 * values that it takes from the outside, as properties `p0`, `p1`, ….
 */
export interface SubqueryPlan {
  readonly input: InputPlan;
  /** `left` over the event, `right` over the parameters: looked up in an index. */
  readonly equalities: readonly JoinEquality[];
  /** Where there are no equalities: looked up in the order of a value of the event. */
  readonly range: JoinRange | undefined;
  /** What remains of where. */
  readonly residual: Bound | undefined;
  readonly parameters: number;
  readonly groupBy: readonly Bound[];
  readonly aggregates: readonly AggregatePlan[];
  readonly having: Bound | undefined;
  readonly columns: readonly ColumnPlan[];
  /** Of equal rows the first. */
  readonly distinct: boolean;
  /** What one row stands for: `value` its only column, `row` an object of its columns, `event` the event itself. */
  readonly shape: 'value' | 'row' | 'event';
  readonly rowType: EventType;
}

/** What an expression wants to know of a subquery. */
export type SubqueryQuestion =
  | { readonly kind: 'value' }
  /** All rows as an array, which enumeration methods are called on; null where there are none. */
  | { readonly kind: 'rows' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'in'; readonly not: boolean }
  | {
      readonly kind: 'quantified';
      readonly quantifier: 'any' | 'all';
      readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
    };
