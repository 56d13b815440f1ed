import { createEventType, type EventType, type Property } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { CreateSchema } from '../syntax/schema.ts';
import type { Name } from '../syntax/statement.ts';
import { resolveType } from './types.ts';

/** The event type that a `create schema` declares: copied columns first. */
export function bindSchema(node: CreateSchema, eventTypes: ReadonlyMap<string, EventType>): EventType {
  if (eventTypes.has(node.name.name)) {
    throw new Fault('EPL_DUPLICATE_NAME', `the event type '${node.name.name}' exists already`, node.name);
  }
  const { variants, inherits, startTimestamp, endTimestamp } = node;
  if (variants !== undefined) throw notSupported('variant schemas', node);
  if (startTimestamp !== undefined) throw notSupported("'starttimestamp'", startTimestamp);
  if (endTimestamp !== undefined) throw notSupported("'endtimestamp'", endTimestamp);
  const properties = new Map<string, Property>();
  for (const base of node.copyFrom) {
    for (const property of knownType(base, eventTypes).properties) properties.set(property.name, property);
  }
  const supertypes = new Set<EventType>();
  for (const base of inherits) {
    const type = knownType(base, eventTypes);
    for (const one of [type, ...type.supertypes]) supertypes.add(one);
    for (const property of type.properties) properties.set(property.name, property);
  }
  const own = new Set<string>();
  for (const column of node.columns) {
    if (own.has(column.name)) {
      throw new Fault('EPL_DUPLICATE_NAME', `the column '${column.name}' is declared twice`, column);
    }
    own.add(column.name);
    properties.set(column.name, { name: column.name, type: resolveType(column.type, eventTypes) });
  }
  return createEventType(node.name.name, [...properties.values()], [...supertypes]);
}

/** The event type of that name. @throws Fault */
export function knownType(name: Name, eventTypes: ReadonlyMap<string, EventType>): EventType {
  const type = eventTypes.get(name.name);
  if (type !== undefined) return type;
  const close = closestName(name.name, eventTypes.keys());
  throw new Fault('EPL_UNKNOWN_EVENT_TYPE', `unknown event type '${name.name}'`, name, close);
}
