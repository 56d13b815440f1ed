import type { Bound } from '../plan/expression.ts';
import { someNode } from '../plan/expression-walk.ts';
import { printType } from '../runtime/property-type.ts';
import type { Span } from '../syntax/source.ts';
import { isNumeric, isWider, typeFault } from './types.ts';

/**
 * In a filter, a constant may not be of a wider type than what is computed from the event and compared with it: the
 * shared index compares in the narrower type. Ranges are free.
 */
export function checkFilterTyping(conjunct: Bound, span: Span): void {
  if (conjunct.kind === 'or' || conjunct.kind === 'and') {
    for (const operand of conjunct.operands) checkFilterTyping(operand, span);
  } else if (conjunct.kind === 'comparison' || conjunct.kind === 'is') {
    check(conjunct.left, conjunct.right, span);
    check(conjunct.right, conjunct.left, span);
  } else if (conjunct.kind === 'in-list') {
    for (const element of conjunct.list) check(conjunct.value, element, span);
  }
}

function check(side: Bound, other: Bound, span: Span): void {
  const constant = constantOf(other);
  if (constant === undefined || constantOf(side) !== undefined || !readsOnlyEvent(side)) return;
  if (!isNumeric(side.type) || !isNumeric(constant.type) || !isWider(constant.type, side.type)) return;
  const what = side.kind === 'property' ? `column '${side.name}'` : 'value';
  throw typeFault(
    `a filter cannot compare the ${printType(side.type)} ${what} with a ${printType(constant.type)}: ` +
      `write the constant as ${printType(side.type)}`,
    span,
  );
}

/** A constant, with or without a sign. */
const constantOf = (node: Bound): Bound | undefined =>
  node.kind === 'constant' ? node : node.kind === 'negation' ? constantOf(node.operand) : undefined;

const readsOnlyEvent = (side: Bound): boolean =>
  !someNode(side, ({ kind }) => kind === 'variable' || kind === 'subquery' || kind === 'context');
