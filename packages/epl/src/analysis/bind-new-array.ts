import type { Bound } from '../plan/expression.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { ArrayLiteral, NewArray, TypeName } from '../syntax/expression.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isAssignable, isInteger, isNumeric, resolveType, typeFault } from './types.ts';

/** `new int[3]`: full of zeros, of false, or of null, by the type. @throws Fault */
export function bindNewArray({ type: written, sizes }: NewArray, binder: Binder): Bound {
  const element = resolveType(written, binder.eventTypes);
  const bound = sizes.map((node) => {
    const size = bindExpression(node, binder);
    if (isInteger(size.type)) return size;
    throw typeFault('the size of an array must be an integer', node);
  });
  const type = sizes.reduce<PropertyType>((inner) => ({ kind: 'array', element: inner }), element);
  const fill: Bound = { kind: 'constant', type: element, value: emptyValue(element) };
  return { kind: 'call', type, function: 'array.create', arguments: [fill, ...bound] };
}

/** `new int[] {1, 2}`. @throws Fault */
export function bindTypedArray(
  node: ArrayLiteral,
  written: TypeName,
  elements: readonly Bound[],
  binder: Binder,
): Bound {
  const element = resolveType(written, binder.eventTypes);
  elements.forEach(({ type }, i) => {
    if (isAssignable(type, element)) return;
    throw typeFault(`an element of ${printType(element)}[] cannot be ${printType(type)}`, node.elements[i]);
  });
  return { kind: 'array', type: { kind: 'array', element }, elements };
}

function emptyValue(type: PropertyType): unknown {
  if (isNumeric(type)) return 0;
  return type === 'boolean' ? false : null;
}
