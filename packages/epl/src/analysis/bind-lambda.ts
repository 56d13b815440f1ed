import type { Bound, BoundLambda } from '../plan/expression.ts';
import { someNode } from '../plan/expression-walk.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Expression, Lambda } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';

/**
 * Binds `x => …` for a method. `types` are those of its parameters, of which it may leave out the last ones but must
 * name at least `least`.
 */
export function bindLambda(
  node: Lambda,
  method: string,
  types: readonly PropertyType[],
  least: number,
  binder: Binder,
): BoundLambda {
  const { parameters } = node;
  if (parameters.length < least || parameters.length > types.length) {
    const range = least === types.length ? String(least) : `${least} to ${types.length}`;
    throw new Fault(
      'EPL_VALUE',
      `the lambda of ${method} has ${range} parameters, not ${parameters.length}`,
      node,
    );
  }
  const twice = parameters.find((name, i) => parameters.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new Fault('EPL_DUPLICATE_NAME', `the parameter '${twice}' of the lambda occurs twice`, node);
  }
  const level = binder.lambdaLevel ?? 0;
  const known = new Map(binder.parameters);
  parameters.forEach((name, index) => {
    known.set(name, { kind: 'parameter', type: types[index], level, index, name });
  });
  const body = bindExpression(node.body, { ...binder, parameters: known, lambdaLevel: level + 1 });
  return { level, parameters, body };
}

/** Whether the value depends on one of the `level` lambdas around the place. */
export const readsOuterLambda = (node: Bound, level: number): boolean =>
  someNode(node, (part) => part.kind === 'parameter' && part.level < level);

export const isLambda = (node: Expression | undefined): node is Lambda => node?.kind === 'lambda';
