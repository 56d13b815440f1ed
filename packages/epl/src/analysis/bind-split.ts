import type { SplitPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { notSupported } from '../syntax/fault.ts';
import type { OnSplit, Trigger } from '../syntax/trigger.ts';
import { bindColumns } from './bind-columns.ts';
import { bindCondition } from './bind-expression.ts';
import { bindInsert } from './bind-insert.ts';
import { bindTriggerSource } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import type { UserLibrary } from './user-library.ts';

/** `on Event insert into A select … where … insert into B …`. Adds the types of its streams. @throws Fault */
export function bindSplit(
  node: Trigger,
  action: OnSplit,
  eventTypes: Map<string, EventType>,
  library: UserLibrary,
): SplitPlan {
  const { input, scope, subqueries } = bindTriggerSource(node, eventTypes, library);
  const binder = (place: string): Binder => ({
    scope: { streams: [scope] },
    eventTypes,
    aggregates: undefined,
    subqueries,
    library,
    place,
  });
  const branches = action.branches.map(({ insertInto, items, contained, where }) => {
    const [first] = contained;
    if (first !== undefined) throw notSupported('contained-event selection', first);
    const { columns, wholeEvent } = bindColumns(items, binder('the select clause'));
    const target = bindInsert(insertInto, columns, wholeEvent, eventTypes);
    eventTypes.set(target.type.name, target.type);
    return { ...target, where: where && bindCondition(where, binder('the where clause')) };
  });
  return { kind: 'on-split', input, subqueries, all: action.output === 'all', branches, rowType: input.type };
}
