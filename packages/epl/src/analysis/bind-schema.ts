import {
  createEventType,
  type EventTimestamps,
  type EventType,
  type Property,
} from '../runtime/event-type.ts';
import { type PropertyType, printType, sameType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { CreateSchema } from '../syntax/schema.ts';
import type { Name } from '../syntax/statement.ts';
import { arithmeticType, isNumeric, resolveType } from './types.ts';

/** The event type that a `create schema` declares: copied columns first. */
export function bindSchema(node: CreateSchema, eventTypes: ReadonlyMap<string, EventType>): EventType {
  if (eventTypes.has(node.name.name)) {
    throw new Fault('EPL_DUPLICATE_NAME', `the event type '${node.name.name}' exists already`, node.name);
  }
  const { variants, inherits } = node;
  if (variants !== undefined) return bindVariant(node, variants, eventTypes);
  const properties = new Map<string, Property>();
  for (const base of node.copyFrom) {
    for (const property of knownType(base, eventTypes).properties) properties.set(property.name, property);
  }
  const copied = new Set(properties.keys());
  const supertypes = new Set<EventType>();
  for (const base of inherits) {
    const type = knownType(base, eventTypes);
    for (const one of [type, ...type.supertypes]) supertypes.add(one);
    for (const property of type.properties) properties.set(property.name, property);
  }
  const own = new Set<string>();
  for (const column of node.columns) {
    if (own.has(column.name) || copied.has(column.name)) {
      throw new Fault('EPL_DUPLICATE_NAME', `the column '${column.name}' is declared twice`, column);
    }
    own.add(column.name);
    properties.set(column.name, { name: column.name, type: resolveType(column.type, eventTypes) });
  }
  const inherited = [...supertypes].find(({ timestamps }) => timestamps !== undefined)?.timestamps;
  const timestamps = bindTimestamps(node, properties) ?? inherited;
  return createEventType(node.name.name, [...properties.values()], {
    supertypes: [...supertypes],
    ownClass: true,
    timestamps,
  });
}

/** The event type of that name. @throws Fault */
export function knownType(name: Name, eventTypes: ReadonlyMap<string, EventType>): EventType {
  const type = eventTypes.get(name.name);
  if (type !== undefined) return type;
  const close = closestName(name.name, eventTypes.keys());
  throw new Fault('EPL_UNKNOWN_EVENT_TYPE', `unknown event type '${name.name}'`, name, close);
}

/** `starttimestamp a endtimestamp b`; without an end the event is a point in time. */
function bindTimestamps(
  { startTimestamp, endTimestamp }: CreateSchema,
  properties: ReadonlyMap<string, Property>,
): EventTimestamps | undefined {
  const column = ({ name, start, end }: Name): string => {
    const property = properties.get(name);
    if (property === undefined) {
      const close = closestName(name, properties.keys());
      throw new Fault('EPL_UNKNOWN_PROPERTY', `the schema has no column '${name}'`, { start, end }, close);
    }
    if (property.type === 'long') return name;
    const message = `a timestamp is a long of milliseconds, but '${name}' is ${printType(property.type)}`;
    throw new Fault('EPL_TYPE', message, { start, end });
  };
  if (startTimestamp === undefined) {
    if (endTimestamp === undefined) return undefined;
    throw new Fault('EPL_VALUE', "an 'endtimestamp' needs a 'starttimestamp' before it", endTimestamp);
  }
  const start = column(startTimestamp);
  return { start, end: endTimestamp === undefined ? start : column(endTimestamp) };
}

/** `create variant schema V as A, B`: it has the properties that all of them have. */
function bindVariant(
  node: CreateSchema,
  { types: names, any }: NonNullable<CreateSchema['variants']>,
  eventTypes: ReadonlyMap<string, EventType>,
): EventType {
  const types = names.map((name) => knownType(name, eventTypes));
  const [first, ...others] = types;
  const properties: Property[] = [];
  for (const { name, type } of any ? [] : first.properties) {
    const found = others.map((other) => other.property(name)?.type);
    if (found.includes(undefined)) continue;
    properties.push({ name, type: found.reduce<PropertyType>((one, other) => joined(one, other!), type) });
  }
  return createEventType(node.name.name, properties, { variants: { types, any } });
}

/** The type of a property that differs among the types of a variant schema. */
function joined(a: PropertyType, b: PropertyType): PropertyType {
  if (sameType(a, b)) return a;
  return isNumeric(a) && isNumeric(b) ? arithmeticType(a, b) : 'object';
}
