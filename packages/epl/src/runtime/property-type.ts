import type { EventType } from './event-type.ts';

/** Types of a single value. `null` is the type of the literal null; `object` fits anything and is not checked. */
export type SimpleType =
  | 'boolean'
  | 'string'
  | 'char'
  | 'byte'
  | 'short'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'bigint'
  | 'bigdecimal'
  | 'object'
  | 'map'
  | 'null';

/**
 * The declared type of a property, an expression or a column.
 *
 * How values look in JavaScript: booleans, strings and numbers as such; `long` is a number while it is a safe
 * integer and a `bigint` beyond, always in that canonical form; arrays as arrays; nested events as objects with
 * their properties as fields; everything missing is `null`.
 */
export type PropertyType = SimpleType | ArrayType | NestedType;

export interface ArrayType {
  readonly kind: 'array';
  readonly element: PropertyType;
}

/** A property that is itself an event. */
export interface NestedType {
  readonly kind: 'event';
  readonly type: EventType;
}

/** The type as written in EPL. */
export function printType(type: PropertyType): string {
  if (typeof type === 'string') return type;
  return type.kind === 'array' ? `${printType(type.element)}[]` : type.type.name;
}

export function sameType(a: PropertyType, b: PropertyType): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.kind === 'array') return b.kind === 'array' && sameType(a.element, b.element);
  return b.kind === 'event' && a.type.name === b.type.name;
}
