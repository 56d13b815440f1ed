import type { StorePlan } from '../plan/store-plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';

/** The columns of a store that a statement may fill: of a table those that hold no aggregation. */
export function insertableType(store: StorePlan): EventType {
  if (store.kind === 'create-window') return store.type;
  const { columns, name } = store;
  if (columns.every(({ aggregate }) => aggregate === undefined)) return store.type;
  return createEventType(
    name,
    columns
      .filter(({ aggregate }) => aggregate === undefined)
      .map((column) => ({ name: column.name, type: column.type })),
  );
}

/** The types that an insert may fill, under their names: of a store that which {@link insertableType} says. */
export function insertTypes(
  name: string,
  eventTypes: ReadonlyMap<string, EventType>,
  stores: ReadonlyMap<string, StorePlan> | undefined,
): ReadonlyMap<string, EventType> {
  const store = stores?.get(name);
  return store === undefined ? eventTypes : new Map([[name, insertableType(store)]]);
}
