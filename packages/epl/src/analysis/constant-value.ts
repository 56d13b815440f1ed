import { compileExpression } from '../compile/compile-expression.ts';
import type { Bound } from '../plan/expression.ts';
import { someNode } from '../plan/expression-walk.ts';

/** What an expression of constants gives, variables counted with their first values; undefined for any other. */
export function constantValue(bound: Bound): { readonly value: unknown } | undefined {
  if (bound.kind === 'constant') return { value: bound.value };
  const initial = new Map<string, unknown>();
  const depends = someNode(bound, (node) => {
    if (node.kind === 'variable') initial.set(node.name, node.initial);
    return (
      node.kind === 'now' || node.kind === 'is-new' || node.kind === 'user-call' || node.kind === 'subquery'
    );
  });
  if (depends) return undefined;
  const environment = { nowMs: 0, isNew: true, subqueries: [], variables: initial };
  return { value: compileExpression(bound, false)({}, null, environment) };
}
