import type { Bound } from '../plan/expression.ts';
import type { ColumnPlan } from '../plan/plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import { type PropertyType, printType, sameType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { InsertInto } from '../syntax/select.ts';
import type { BoundColumn } from './bind-columns.ts';
import { isAssignable, isNumeric } from './types.ts';

export interface Target {
  readonly type: EventType;
  /** In the order of the type's properties. */
  readonly columns: readonly ColumnPlan[];
  /** The event itself goes on. */
  readonly wholeEvent: boolean;
  /** Of the rows, where that is not the type of the stream: events in a variant stream keep theirs. */
  readonly rowType?: EventType;
}

/**
 * Fits the columns to the stream that they are inserted into. The first statement that inserts into an undeclared
 * stream gives it its type; for later ones, and for declared streams, columns match by name, missing ones are null.
 * `source` is the type of the events, where there is one stream alone.
 */
export function bindInsert(
  node: InsertInto,
  selected: readonly BoundColumn[],
  wholeEvent: boolean,
  eventTypes: ReadonlyMap<string, EventType>,
  source?: EventType,
): Target {
  const variant = eventTypes.get(node.target.name);
  if (variant?.variants !== undefined) return intoVariant(node, variant, selected, wholeEvent, source);
  let columns = selected;
  if (node.columns !== undefined) {
    const names = node.columns;
    if (wholeEvent)
      throw new Fault('EPL_VALUE', 'insert-into: a wildcard goes with no list of columns', node);
    if (names.length !== selected.length) {
      throw new Fault(
        'EPL_VALUE',
        `insert-into: the list names ${names.length} columns, but the select clause has ${selected.length}`,
        node,
      );
    }
    columns = selected.map((column, i) => ({ ...column, name: names[i].name, span: names[i] }));
    const twice = names.find(({ name }, i) => names.findIndex((other) => other.name === name) !== i);
    if (twice)
      throw new Fault('EPL_DUPLICATE_NAME', `insert-into: the column '${twice.name}' occurs twice`, twice);
  }
  const existing = eventTypes.get(node.target.name);
  if (existing === undefined) {
    const properties = columns.map(({ name, value }) => ({
      name,
      type: value.type === 'null' ? 'object' : value.type,
    }));
    return {
      type: createEventType(node.target.name, properties as { name: string; type: PropertyType }[], {
        ownClass: true,
        copied: wholeEvent,
      }),
      columns,
      wholeEvent: wholeEvent && node.columns === undefined,
    };
  }
  for (const { name, value, span } of columns) {
    const property = existing.property(name);
    if (property === undefined) {
      if (wholeEvent && node.columns === undefined && !existing.copied) continue;
      const close = closestName(
        name,
        existing.properties.map((other) => other.name),
      );
      throw new Fault(
        'EPL_UNKNOWN_PROPERTY',
        `the event type '${existing.name}' has no column '${name}'`,
        span,
        close,
      );
    }
    if (!isAssignable(value.type, property.type)) {
      const types = `'${name}' of '${existing.name}' is ${printType(property.type)}, not ${printType(value.type)}`;
      throw new Fault('EPL_TYPE', `the column ${types}`, span);
    }
  }
  const byName = new Map(columns.map((column) => [column.name, column]));
  const same =
    columns.length === existing.properties.length &&
    columns.every(({ name, value }, i) => {
      const property = existing.properties[i];
      return property.name === name && sameType(property.type, value.type);
    });
  if (existing.copied && !(wholeEvent && same))
    throw new Fault(
      'EPL_TYPE',
      `the stream '${existing.name}' takes the events of the 'select *' that made it, and no other columns`,
      node,
    );
  return {
    type: existing,
    columns: existing.properties.map(({ name, type }) => ({
      name,
      value: widened(byName.get(name)?.value, type),
    })),
    wholeEvent: wholeEvent && node.columns === undefined && same,
  };
}

/** Null where there is no column; a number in the type of the property. */
export function widened(value: Bound | undefined, type: PropertyType): Bound {
  if (value === undefined) return { kind: 'constant', type: 'null', value: null };
  if (!isNumeric(type) || !isNumeric(value.type) || type === value.type) return value;
  return type === 'double' || type === 'float' ? { kind: 'cast', type, operand: value } : value;
}

/** Into a variant stream go whole events of its types; into one of all types rows as well. */
function intoVariant(
  node: InsertInto,
  type: EventType,
  columns: readonly BoundColumn[],
  wholeEvent: boolean,
  source: EventType | undefined,
): Target {
  const { types, any } = type.variants!;
  const whole = wholeEvent && node.columns === undefined && source !== undefined;
  if (whole) {
    const fits = any || [source, ...source.supertypes].some((one) => one === type || types.includes(one));
    if (fits) return { type, columns, wholeEvent: true, rowType: source };
  } else if (any && node.columns === undefined) {
    const properties = columns.map(({ name, value }) => ({ name, type: value.type }));
    return { type, columns, wholeEvent: false, rowType: createEventType(type.name, properties) };
  }
  const names = types.map(({ name }) => name).join(', ');
  const wanted = any
    ? 'whole events or rows without a list of columns'
    : `whole events of ${names}: write select *`;
  throw new Fault('EPL_TYPE', `insert-into: the variant stream '${type.name}' takes ${wanted}`, node);
}
