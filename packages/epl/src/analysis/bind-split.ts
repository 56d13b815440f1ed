import type { SplitPlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { OnSplit, Trigger } from '../syntax/trigger.ts';
import { bindColumns } from './bind-columns.ts';
import { bindContained } from './bind-contained.ts';
import { bindCondition } from './bind-expression.ts';
import { bindInsert } from './bind-insert.ts';
import { bindTriggerSource } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import type { ScopeStream } from './scope.ts';
import { insertTypes } from './store-types.ts';
import type { UserLibrary } from './user-library.ts';

/** `on Event insert into A select … where … insert into B …`. Adds the types of its streams. @throws Fault */
export function bindSplit(
  node: Trigger,
  action: OnSplit,
  eventTypes: Map<string, EventType>,
  library: UserLibrary,
): SplitPlan {
  const { input, scope, subqueries } = bindTriggerSource(node, eventTypes, library);
  const branches = action.branches.map(({ insertInto, items, contained, containedAlias, where }) => {
    const inside =
      contained.length === 0 ? undefined : bindContained(contained, scope, { eventTypes, library });
    const stream: ScopeStream =
      inside === undefined
        ? scope
        : {
            name: containedAlias?.name ?? inside.type.name,
            aliased: containedAlias !== undefined,
            type: inside.type,
          };
    const binder = (place: string): Binder => ({
      scope: { streams: [stream] },
      eventTypes,
      aggregates: undefined,
      subqueries,
      library,
      place,
    });
    const { columns, wholeEvent } = bindColumns(items, binder('the select clause'));
    const { name } = insertInto.target;
    const types = insertTypes(name, eventTypes, library.stores);
    const target = bindInsert(insertInto, columns, wholeEvent, types, stream.type);
    if (!library.stores.has(name)) eventTypes.set(name, target.type);
    return {
      ...target,
      ...(inside && { contained: inside }),
      where: where && bindCondition(where, binder('the where clause')),
    };
  });
  return { kind: 'on-split', input, subqueries, all: action.output === 'all', branches, rowType: scope.type };
}
