import type { Bound } from '../plan/expression.ts';
import type { FillPlan, NamedWindowPlan } from '../plan/store-plan.ts';
import { isBatching } from '../plan/window-plan.ts';
import { createEventType, type EventType, type Property } from '../runtime/event-type.ts';
import type { CreateWindow } from '../syntax/definition.ts';
import { Fault } from '../syntax/fault.ts';
import type { Name } from '../syntax/statement.ts';
import { bindColumns } from './bind-columns.ts';
import { bindCondition } from './bind-expression.ts';
import { knownType } from './bind-schema.ts';
import { bindWindows } from './bind-window.ts';
import type { Binder } from './binder.ts';
import { resolveType } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/** `create window`. @throws Fault */
export function bindNamedWindow(
  node: CreateWindow,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): NamedWindowPlan {
  const { name } = node.name;
  refuseKnownName(node.name, eventTypes, library);
  const { properties, model, columns } = shapeOf(node, eventTypes, library);
  // As its model it may be asked about intervals.
  const type = createEventType(name, properties, {
    ...(isWhole(node) && model?.timestamps && { timestamps: model.timestamps }),
  });
  const binder: Binder = {
    scope: { streams: [{ name, aliased: false, type }] },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place: 'a data window',
  };
  const window = bindWindows(node.windows, node.retain, binder);
  if (window === undefined || window.kind === 'derived') {
    const message = `the named window '${name}' needs a data window that keeps its rows, such as ${name}#keepall`;
    throw new Fault('EPL_VALUE', message, node.name);
  }
  const fill = node.insert && fillOf(node, model, columns, eventTypes, library);
  return { kind: 'create-window', name, type, model, window, fill };
}

/** Modelled on a type with all its columns. */
const isWhole = ({ shape }: CreateWindow): boolean =>
  shape.kind === 'type' && (shape.items === undefined || shape.items.some(({ kind }) => kind === 'wildcard'));

/** A named window, a table and an event type share their names. @throws Fault */
export function refuseKnownName(
  name: Name,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): void {
  refuseKnownStore(name, library);
  if (eventTypes.has(name.name))
    throw new Fault('EPL_DUPLICATE_NAME', `the event type '${name.name}' exists already`, name);
}

export function refuseKnownStore(name: Name, { stores }: UserLibrary): void {
  const store = stores.get(name.name);
  if (store === undefined) return;
  const what = store.kind === 'create-window' ? 'named window' : 'table';
  throw new Fault('EPL_DUPLICATE_NAME', `the ${what} '${name.name}' exists already`, name);
}

type Columns = readonly { readonly name: string; readonly value: Bound }[];

function shapeOf(
  { shape }: CreateWindow,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): { properties: readonly Property[]; model: EventType | undefined; columns: Columns } {
  if (shape.kind === 'columns') {
    const names = new Set<string>();
    const properties = shape.columns.map((column) => {
      if (names.has(column.name))
        throw new Fault('EPL_DUPLICATE_NAME', `the column '${column.name}' is declared twice`, column);
      names.add(column.name);
      return { name: column.name, type: resolveType(column.type, eventTypes) };
    });
    return { properties, model: undefined, columns: [] };
  }
  const model = knownType(shape.type, eventTypes);
  const items = shape.items ?? [{ kind: 'wildcard', start: shape.type.start, end: shape.type.end }];
  const { columns } = bindColumns(items, {
    scope: { streams: [{ name: model.name, aliased: false, type: model }] },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place: 'the select clause of a named window',
  });
  const properties = columns.map(
    ({ name, value: { type } }): Property => ({ name, type: type === 'null' ? 'object' : type }),
  );
  return { properties, model, columns };
}

/** `insert [where …]`. */
function fillOf(
  node: CreateWindow,
  model: EventType | undefined,
  columns: Columns,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): FillPlan {
  const from = model && library.stores.get(model.name);
  if (model === undefined || from?.kind !== 'create-window' || isBatching(from.window))
    throw new Fault(
      'EPL_VALUE',
      "'insert' takes the rows of a named window that the new one is modelled on",
      node.name,
    );
  const where =
    node.insert!.where &&
    bindCondition(node.insert!.where, {
      scope: { streams: [{ name: model.name, aliased: false, type: model }] },
      eventTypes,
      aggregates: undefined,
      subqueries: undefined,
      library,
      place: "the where clause of 'insert'",
    });
  return { from: model.name, where, columns: columns.map(({ name, value }) => ({ name, value })) };
}
