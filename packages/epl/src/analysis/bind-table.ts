import { findAnnotation } from '../annotation.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { TableColumnPlan, TablePlan } from '../plan/store-plan.ts';
import { createEventType, type EventType, type Property } from '../runtime/event-type.ts';
import type { CreateTable, TableColumn } from '../syntax/definition.ts';
import type { Expression, Path } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import { refuseKnownName } from './bind-named-window.ts';
import { bindPath } from './bind-path.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import { resolveType } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/** `create table`. @throws Fault */
export function bindTable(
  node: CreateTable,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): TablePlan {
  const { name } = node.name;
  refuseKnownName(node.name, eventTypes, library);
  const names = new Set<string>();
  const columns = node.columns.map((column): TableColumnPlan => {
    if (names.has(column.name))
      throw new Fault('EPL_DUPLICATE_NAME', `the column '${column.name}' is declared twice`, column);
    names.add(column.name);
    return bindColumn(column, eventTypes, library);
  });
  const keys = node.columns.filter(({ primaryKey }) => primaryKey).map((column) => column.name);
  const type = createEventType(
    name,
    columns.map((column): Property => ({ name: column.name, type: column.type })),
  );
  return { kind: 'create-table', name, type, columns, keys };
}

function bindColumn(
  column: TableColumn,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): TableColumnPlan {
  const { name, content, primaryKey } = column;
  if (!isPath(content)) {
    return { name, type: resolveType(content, eventTypes), aggregate: undefined };
  }
  if (primaryKey) throw new Fault('EPL_VALUE', `an aggregation cannot be the primary key: '${name}'`, column);
  const [part, more] = content.parts;
  if (more !== undefined) throw notSupported('methods of aggregations in tables', content);
  const event = findAnnotation(column.annotations, 'type')?.value;
  const aggregates: AggregatePlan[] = [];
  const binder = (type: EventType): Binder => ({
    scope: { streams: [{ name: type.name, aliased: false, type }] },
    eventTypes,
    aggregates,
    subqueries: undefined,
    library,
    place: 'a table',
  });
  if (typeof event === 'string') {
    const type = knownType({ name: event, start: column.start, end: column.end }, eventTypes);
    bindPath(content, binder(type));
  } else {
    const { list, distinct } = part.arguments!;
    const whole = list.find(({ kind }) => kind === 'wildcard');
    if (whole !== undefined && part.name.toLowerCase() !== 'count') {
      const example = `${part.name}(*) @type(NameOfTheType)`;
      throw new Fault('EPL_VALUE', `${part.name}(*) of a table needs the event type: ${example}`, content);
    }
    const properties: Property[] = [];
    const named = list.map((argument) => typedArgument(argument, properties, eventTypes));
    const declared: Path = { ...content, parts: [{ ...part, arguments: { list: named, distinct } }] };
    bindPath(declared, binder(createEventType('table', properties)));
  }
  const [aggregate] = aggregates;
  if (aggregate === undefined)
    throw new Fault('EPL_AGGREGATION', `'${part.name}' is no aggregation that a table could hold`, content);
  if (aggregate.groupBy !== undefined) throw notSupported("'group_by:' in tables", content);
  // As it was declared: with the types of what is fed in.
  const declared = { ...aggregate, text: reprint(content) };
  return { name, type: aggregate.type, aggregate: declared, written: part.arguments!.list };
}

const isPath = (content: TableColumn['content']): content is Path =>
  'kind' in content && content.kind === 'path';

/** `sum(long)` names the types of what will be fed in: each stands for a property of that type. */
function typedArgument(
  argument: Expression,
  properties: Property[],
  eventTypes: ReadonlyMap<string, EventType>,
): Expression {
  if (argument.kind !== 'path') return argument;
  const { parts, start, end } = argument;
  const written = parts.map(({ name }) => name).join('.');
  const type = resolveType({ name: written, dimensions: 0, start, end }, eventTypes);
  const name = `p${properties.length}`;
  properties.push({ name, type });
  return { kind: 'path', parts: [{ name, quoted: true, dynamic: false, start, end }], start, end };
}
