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
