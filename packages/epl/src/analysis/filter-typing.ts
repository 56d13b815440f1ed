import type { Bound } from '../plan/expression.ts';
import { printType } from '../runtime/property-type.ts';
import type { Span } from '../syntax/source.ts';
import { isNumeric, isWider, typeFault } from './types.ts';

/**
 * In a filter, a constant may not be of a wider type than the column that it is compared with: the shared index
 * compares in the column's type. Ranges and computed sides are free.
 */
export function checkFilterTyping(conjunct: Bound, span: Span): void {
  if (conjunct.kind === 'comparison') {
    check(conjunct.left, conjunct.right, span);
    check(conjunct.right, conjunct.left, span);
  } else if (conjunct.kind === 'in-list') {
    for (const element of conjunct.list) check(conjunct.value, element, span);
  }
}

function check(column: Bound, constant: Bound, span: Span): void {
  if (column.kind !== 'property' || constant.kind !== 'constant') return;
  if (!isNumeric(column.type) || !isNumeric(constant.type) || !isWider(constant.type, column.type)) return;
  throw typeFault(
    `a filter cannot compare the ${printType(column.type)} column '${column.name}' with a ${printType(constant.type)}: ` +
      `write the constant as ${printType(column.type)}`,
    span,
  );
}
