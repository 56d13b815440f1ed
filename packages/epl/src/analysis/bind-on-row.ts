import { conjunction } from '../plan/expression-walk.ts';
import type { OnDeletePlan, OnSelectPlan, OnUpdatePlan } from '../plan/trigger-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { OnDelete, OnSelect, OnUpdate, Trigger } from '../syntax/trigger.ts';
import { bindRowAssignments } from './bind-assignment.ts';
import { bindCondition } from './bind-expression.ts';
import { bindSelect } from './bind-select.ts';
import { bindTarget, bindTriggerSource, triggerBinder, triggerInput } from './bind-trigger.ts';
import { planLookup } from './plan-lookup.ts';
import type { UserLibrary } from './user-library.ts';

type EventTypes = ReadonlyMap<string, EventType>;

/** `on Event delete from W …`. @throws Fault */
export function bindOnDelete(
  node: Trigger,
  action: OnDelete,
  eventTypes: EventTypes,
  library: UserLibrary,
): OnDeletePlan {
  const trigger = bindTriggerSource(node, eventTypes, library);
  const { store, scope } = bindTarget(action.target, action.targetAlias, eventTypes, library);
  const binder = triggerBinder(trigger, scope, eventTypes, library, 'the where clause');
  const where = action.where && bindCondition(action.where, binder);
  return {
    kind: 'on-delete',
    input: triggerInput(trigger, store, [where]),
    subqueries: trigger.subqueries,
    store: store.name,
    lookup: planLookup(where, store, library),
    rowType: store.type,
  };
}

/** `on Event update W set …`. @throws Fault */
export function bindOnUpdate(
  node: Trigger,
  action: OnUpdate,
  eventTypes: EventTypes,
  library: UserLibrary,
): OnUpdatePlan {
  const trigger = bindTriggerSource(node, eventTypes, library);
  const { store, scope } = bindTarget(action.target, action.targetAlias, eventTypes, library);
  const binder = triggerBinder(trigger, scope, eventTypes, library, 'the where clause');
  const where = action.where && bindCondition(action.where, binder);
  const assignments = bindRowAssignments(action.assignments, store, scope, { ...binder, place: "'set'" });
  const expressions = assignments.flatMap(({ index, value }) => [index, value]);
  return {
    kind: 'on-update',
    input: triggerInput(trigger, store, [where, ...expressions]),
    subqueries: trigger.subqueries,
    store: store.name,
    lookup: planLookup(where, store, library),
    assignments,
    rowType: store.type,
  };
}

/** `on Event [insert into …] select [and delete] … from W …`: a select over pairs of a row and the event. @throws Fault */
export function bindOnSelect(
  node: Trigger,
  action: OnSelect,
  name: string,
  eventTypes: EventTypes,
  library: UserLibrary,
): OnSelectPlan {
  const trigger = bindTriggerSource(node, eventTypes, library);
  const { store, scope } = bindTarget(action.target, action.targetAlias, eventTypes, library);
  const { annotations, declarations, start, end } = node;
  const row = { name: scope.name, type: store.type, filter: [], lateFilter: undefined, window: undefined };
  const bound = bindSelect(
    { ...action, kind: 'select', annotations, declarations, selector: undefined, from: [], start, end },
    name,
    eventTypes,
    library,
    {
      streams: [
        { input: row, scope },
        { input: trigger.input, scope: trigger.scope },
      ],
      subqueries: trigger.subqueries,
    },
  );
  const where = conjunction(bound.join!.residual);
  return {
    kind: 'on-select',
    input: bound.inputs[1],
    subqueries: trigger.subqueries,
    store: store.name,
    lookup: planLookup(where, store, library),
    select: { ...bound, join: { ...bound.join!, residual: [] }, subqueries: [] },
    andDelete: action.andDelete,
    rowType: bound.rowType,
  };
}
