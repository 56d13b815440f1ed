import type { EventType } from '../runtime/event-type.ts';
import { type PropertyType, printType, type SimpleType, sameType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { TypeName } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';

/** From the narrowest to the widest; a value of one fits any to its right. */
const numericOrder: readonly PropertyType[] = [
  'byte',
  'short',
  'int',
  'long',
  'bigint',
  'float',
  'double',
  'bigdecimal',
];

export const isNumeric = (type: PropertyType): boolean => numericOrder.includes(type);
export const isInteger = (type: PropertyType): boolean =>
  numericOrder.indexOf(type) >= 0 && numericOrder.indexOf(type) < 4;

/** Fits anything: checked when it runs. */
export const isOpen = (type: PropertyType): boolean => type === 'object' || type === 'null';

const rank = (type: PropertyType): number => numericOrder.indexOf(type);

/** The type in which two numbers are computed: at least int. A float and a whole number meet in double, as Esper has it. */
export function arithmeticType(a: PropertyType, b: PropertyType): PropertyType {
  if ((a === 'float' && isInteger(b)) || (b === 'float' && isInteger(a))) return 'double';
  return numericOrder[Math.max(rank(a), rank(b), rank('int'))];
}

/** Whether the number type is wider than the other. */
export const isWider = (type: PropertyType, than: PropertyType): boolean => rank(type) > rank(than);

/** Whether a value of one type may be put into a property of the other without loss. */
export function isAssignable(from: PropertyType, to: PropertyType): boolean {
  if (to === 'object' || from === 'null' || from === 'object') return true;
  if (isNumeric(from) && isNumeric(to)) return rank(from) <= rank(to);
  if (typeof from !== 'string' && typeof to !== 'string' && from.kind === 'array' && to.kind === 'array') {
    if (typeof to.element !== 'string') return isAssignable(from.element, to.element);
    return sameType(from.element, to.element);
  }
  if (typeof from !== 'string' && typeof to !== 'string' && from.kind === 'event' && to.kind === 'event')
    return sameType(from, to) || from.type.supertypes.includes(to.type) || fits(from.type, to.type);
  return sameType(from, to) || (from === 'char' && to === 'string');
}

/** What `new { … }` makes has no type of its own: it may stand for any with the same columns. */
export const structName = 'new';

function fits(struct: EventType, type: EventType): boolean {
  if (struct.name !== structName) return false;
  return struct.properties.every(({ name, type: given }) => {
    const property = type.property(name);
    return property !== undefined && isAssignable(given, property.type);
  });
}

/** The type that holds values of all the given ones; undefined where they do not go together. */
export function commonType(types: readonly PropertyType[]): PropertyType | undefined {
  let common: PropertyType = 'null';
  for (const type of types) {
    if (type === 'null' || sameType(type, common)) continue;
    if (common === 'null') common = type;
    else if (common === 'object' || type === 'object') common = 'object';
    else if (isNumeric(type) && isNumeric(common)) common = arithmeticType(type, common);
    else return undefined;
  }
  return common;
}

/** Whether values of the two types can be equal at all. */
export const isComparable = (a: PropertyType, b: PropertyType): boolean =>
  isOpen(a) || isOpen(b) || (isNumeric(a) && isNumeric(b)) || sameType(a, b) || (isText(a) && isText(b));

export const isText = (type: PropertyType): boolean => type === 'string' || type === 'char';

const names: Readonly<Record<string, SimpleType>> = {
  boolean: 'boolean',
  bool: 'boolean',
  string: 'string',
  varchar: 'string',
  varchar2: 'string',
  char: 'char',
  character: 'char',
  byte: 'byte',
  short: 'short',
  int: 'int',
  integer: 'int',
  long: 'long',
  float: 'float',
  double: 'double',
  bigint: 'bigint',
  biginteger: 'bigint',
  bigdecimal: 'bigdecimal',
  object: 'object',
  map: 'map',
  // Points in time are milliseconds since 1970, whatever Java calls them.
  date: 'long',
  calendar: 'long',
  localdatetime: 'long',
  zoneddatetime: 'long',
};

/** The type of that name: built in (without regard to case, `java.lang.` allowed) or an event type. */
export function resolveType(written: TypeName, eventTypes: ReadonlyMap<string, EventType>): PropertyType {
  const simple = written.name.replace(/^java\.(lang|util|math|time)\./, '');
  const key = simple.toLowerCase();
  const event = eventTypes.get(written.name);
  let type: PropertyType;
  if (event !== undefined) type = { kind: 'event', type: event };
  else if (Object.hasOwn(names, key)) type = names[key];
  else {
    const close = closestName(written.name, [...Object.keys(names), ...eventTypes.keys()]);
    throw new Fault('EPL_UNKNOWN_TYPE', `unknown type '${written.name}'`, written, close);
  }
  for (let i = 0; i < written.dimensions; i++) type = { kind: 'array', element: type };
  return type;
}

/** For messages: the expression and its type. */
export function typed(text: string, type: PropertyType): string {
  return type === 'null' ? text : `${text} (${printType(type)})`;
}

export function typeFault(message: string, span: Span): Fault {
  return new Fault('EPL_TYPE', message, span);
}
