import type { Bound } from '../plan/expression.ts';
import { notSupported } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';

/**
 * A value that events are told apart by. Arrays with the same elements are equal, but keys are compared as they are:
 * better refused than told apart wrongly.
 */
export function keyValue(bound: Bound, node: Span): Bound {
  if (typeof bound.type !== 'string' && bound.type.kind === 'array')
    throw notSupported('arrays as keys', node);
  return bound;
}
