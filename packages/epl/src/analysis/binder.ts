import type { Bound } from '../plan/expression.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { Expansion } from './bind-declared.ts';
import type { Scope } from './scope.ts';
import type { UserLibrary } from './user-library.ts';

/** What an expression may use where it stands. */
export interface Binder {
  readonly scope: Scope;
  readonly eventTypes: ReadonlyMap<string, EventType>;
  /** Collects the statement's aggregates, equal ones once. Undefined where none may stand. */
  readonly aggregates: AggregatePlan[] | undefined;
  /** What the arguments of aggregates see, where it is something else than {@link scope}. */
  readonly aggregateScope?: Scope | undefined;
  /** In definitions of match_recognize: `prev` asks for the rows that came before, without a data window. */
  readonly readsEarlierRows?: boolean | undefined;
  /** Collects the statement's subqueries. Undefined where none may stand. */
  readonly subqueries: SubqueryPlan[] | undefined;
  /** The group-by expressions of a rollup, for `grouping`; undefined where there is none. */
  readonly groupKeys?: readonly Bound[] | undefined;
  /** What the program registered. */
  readonly library?: UserLibrary | undefined;
  /** Parameters of the lambdas and declared expressions around this place, by their names. */
  readonly parameters?: ReadonlyMap<string, Bound> | undefined;
  /** How many lambdas stand around this place. Default 0. */
  readonly lambdaLevel?: number | undefined;
  /** The declared expressions whose bodies stand around this place. */
  readonly expansion?: Expansion | undefined;
  /** For messages: `the where clause`. */
  readonly place: string;
}
