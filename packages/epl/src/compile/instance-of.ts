import { typeOfEvent } from '../runtime/event-type.ts';
import type { PropertyType } from '../runtime/property-type.ts';

/** Whether a value is of one of the types; an integer without a declared type is the narrowest of int and long. */
export function isInstance(value: unknown, declared: PropertyType, types: readonly PropertyType[]): boolean {
  if (value === null || value === undefined) return false;
  const actual =
    declared === 'object'
      ? valueType(value)
      : typeof value === 'object'
        ? ownType(value, declared)
        : declared;
  return types.some((type) => fits(actual, type));
}

/** An event of a subtype or in a variant stream is of its own type. */
function ownType(value: object, declared: PropertyType): PropertyType {
  const type = typeof declared !== 'string' && declared.kind === 'event' ? typeOfEvent(value) : undefined;
  return type === undefined ? declared : { kind: 'event', type };
}

function fits(actual: PropertyType, type: PropertyType): boolean {
  if (type === 'object') return true;
  if (typeof actual === 'string' || typeof type === 'string') return actual === type;
  if (actual.kind === 'array')
    return type.kind === 'array' && (type.element === 'object' || fits(actual.element, type.element));
  if (type.kind !== 'event') return false;
  return [actual.type, ...actual.type.supertypes].some(({ name }) => name === type.type.name);
}

/** The type of a value that was declared without one. */
export function valueType(value: unknown): PropertyType {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'long';
    case 'number':
      if (!Number.isInteger(value)) return 'double';
      return value === (value | 0) ? 'int' : 'long';
    default:
      return Array.isArray(value) ? { kind: 'array', element: 'object' } : 'map';
  }
}
