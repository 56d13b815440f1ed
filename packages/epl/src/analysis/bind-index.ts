import type { IndexPlan } from '../plan/store-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import type { CreateIndex } from '../syntax/definition.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import { isLive } from './bind-store-stream.ts';
import { bindTarget } from './bind-trigger.ts';
import type { UserLibrary } from './user-library.ts';

/** `create [unique] index`. @throws Fault */
export function bindIndex(
  node: CreateIndex,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): IndexPlan {
  const { store, scope } = bindTarget(node.target, undefined, eventTypes, library);
  const { name } = node.name;
  if (library.indexes.get(store.name)?.some((index) => index.name === name))
    throw new Fault(
      'EPL_DUPLICATE_NAME',
      `duplicate index name: '${store.name}' has an index '${name}' already`,
      node.name,
    );
  const binder = {
    scope: { streams: [scope] },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place: 'an index',
  };
  const columns = node.columns.map(({ expression, structure }) => {
    const value = bindExpression(expression, binder);
    if (isLive(value))
      throw new Fault(
        'EPL_VALUE',
        'a column that holds an aggregation changes all the time: no index can hold it',
        expression,
      );
    return { value, structure: structure ?? 'hash' };
  });
  return { kind: 'create-index', name, store: store.name, unique: node.unique, columns };
}
