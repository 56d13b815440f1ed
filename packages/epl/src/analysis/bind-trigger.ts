import type { Bound } from '../plan/expression.ts';
import type { InputPlan } from '../plan/plan.ts';
import type { StorePlan } from '../plan/store-plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Name } from '../syntax/statement.ts';
import type { Trigger } from '../syntax/trigger.ts';
import { liveColumns } from './bind-store-stream.ts';
import { bindStream } from './bind-stream.ts';
import type { Binder } from './binder.ts';
import { withNeeds } from './input-needs.ts';
import type { ScopeStream } from './scope.ts';
import type { UserLibrary } from './user-library.ts';

/** What triggers, and the list that collects the statement's subqueries. */
export interface BoundTrigger {
  readonly input: InputPlan;
  readonly scope: ScopeStream;
  readonly subqueries: SubqueryPlan[];
}

/** What stands behind `on`: a stream, a named window, whose new rows trigger, or a pattern. @throws Fault */
export function bindTriggerSource(
  { event, alias }: Trigger,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): BoundTrigger {
  const subqueries: SubqueryPlan[] = [];
  if (event.kind !== 'pattern' && library.stores.get(event.type.name)?.kind === 'create-table')
    throw new Fault(
      'EPL_VALUE',
      `the table '${event.type.name}' triggers nothing: name a stream`,
      event.type,
    );
  const source = {
    source: event,
    windows: [],
    unidirectional: false,
    ...(alias && { alias }),
    start: event.start,
    end: event.end,
  };
  return { ...bindStream(source, { eventTypes, subqueries, library }), subqueries };
}

/** The named window or table that a trigger or a query names, as a stream of its own expressions. @throws Fault */
export function bindTarget(
  target: Name,
  alias: Name | undefined,
  eventTypes: ReadonlyMap<string, EventType>,
  { stores }: UserLibrary,
): { store: StorePlan; scope: ScopeStream } {
  const store = stores.get(target.name);
  if (store === undefined) {
    const close = closestName(target.name, stores.keys());
    throw eventTypes.has(target.name)
      ? new Fault('EPL_VALUE', `'${target.name}' is a stream, no named window or table`, target, close)
      : new Fault('EPL_UNKNOWN_EVENT_TYPE', `unknown named window or table '${target.name}'`, target, close);
  }
  const scope: ScopeStream = {
    name: alias?.name ?? store.name,
    aliased: alias !== undefined,
    type: store.type,
    ...(store.kind === 'create-table' && { live: liveColumns(store) }),
  };
  return { store, scope };
}

/** A binder for the expressions of a trigger, over the row and what triggers. */
export const triggerBinder = (
  trigger: BoundTrigger,
  target: ScopeStream,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
  place: string,
): Binder => ({
  scope: { streams: [target, trigger.scope] },
  eventTypes,
  aggregates: undefined,
  subqueries: trigger.subqueries,
  library,
  place,
});

/** The input, told what the trigger's expressions ask of its events beside their declared columns. */
export function triggerInput(
  { input }: BoundTrigger,
  store: StorePlan,
  expressions: readonly (Bound | undefined)[],
): InputPlan {
  const row: InputPlan = {
    name: store.name,
    type: store.type,
    filter: [],
    lateFilter: undefined,
    window: undefined,
  };
  return withNeeds([row, input, row], expressions)[1];
}
