import type { AggregatePlan } from '../plan/plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { Scope } from './scope.ts';

/** What an expression may use where it stands. */
export interface Binder {
  readonly scope: Scope;
  readonly eventTypes: ReadonlyMap<string, EventType>;
  /** Collects the statement's aggregates, equal ones once. Undefined where none may stand. */
  readonly aggregates: AggregatePlan[] | undefined;
  /** Collects the statement's subqueries. Undefined where none may stand. */
  readonly subqueries: SubqueryPlan[] | undefined;
  /** For messages: `the where clause`. */
  readonly place: string;
}
