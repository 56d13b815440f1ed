import { isContent } from '../plan/content-key.ts';
import type { Bound } from '../plan/expression.ts';
import type { PropertyType } from '../runtime/property-type.ts';

/**
 * A value that events are told apart by: arrays and events by their content, since keys are compared as they are. What
 * gives the value back turns it around with {@link givenBack}.
 */
export function keyValue(bound: Bound): Bound {
  return byContent(bound.type)
    ? { kind: 'call', type: 'string', function: 'key.content', arguments: [bound] }
    : bound;
}

/** The type of the value that such a key was made of. */
export const keyType = (key: Bound): PropertyType => (isContent(key) ? key.arguments[0].type : key.type);

/** The value that the key was made of, from where the key is read. */
export function givenBack(key: Bound, read: Bound): Bound {
  const type = keyType(key);
  return isContent(key) && isArray(type)
    ? { kind: 'call', type, function: 'key.array', arguments: [read] }
    : read;
}

/** Whether such a key can be given back: an array of simple values, or of such arrays. */
export function canBeGivenBack(type: PropertyType): boolean {
  if (typeof type === 'string') return true;
  return type.kind === 'array' && canBeGivenBack(type.element);
}

const isArray = (type: PropertyType): boolean => typeof type !== 'string' && type.kind === 'array';

const byContent = (type: PropertyType): boolean => typeof type !== 'string';
