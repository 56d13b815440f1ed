import { type Bound, operandsOf, someNode } from '../plan/expression.ts';
import type { JoinEquality, JoinPlan } from '../plan/plan.ts';
import { sameType } from '../runtime/property-type.ts';
import { isInteger } from './types.ts';

/** Splits the conditions of an inner join into equalities between two streams and what must be tested on the rows. */
export function planJoin(conditions: readonly Bound[]): JoinPlan {
  const equalities: JoinEquality[] = [];
  const residual: Bound[] = [];
  for (const condition of conditions) {
    const equality = equalityOf(condition);
    if (equality === undefined) residual.push(condition);
    else equalities.push(equality);
  }
  return { equalities, residual };
}

/** `a.x = b.y` with types whose equal values are identical in JavaScript. */
function equalityOf(condition: Bound): JoinEquality | undefined {
  if (condition.kind !== 'comparison' || condition.operator !== '=') return undefined;
  const { left, right } = condition;
  const indexable =
    (isInteger(left.type) && isInteger(right.type)) ||
    (sameType(left.type, right.type) && (left.type === 'string' || left.type === 'boolean'));
  if (!indexable) return undefined;
  const [a, b] = [streamOf(left), streamOf(right)];
  if (a === undefined || b === undefined || a === b) return undefined;
  const sides = [
    { stream: a, key: left },
    { stream: b, key: right },
  ].sort((one, other) => one.stream - other.stream);
  return { left: sides[0], right: sides[1] };
}

/** The only stream that the expression reads; undefined where it reads none, several, or the clock. */
function streamOf(node: Bound): number | undefined {
  const streams = new Set<number>();
  collectStreams(node, streams);
  const pure = !someNode(node, ({ kind }) => kind === 'now' || kind === 'is-new');
  return pure && streams.size === 1 ? [...streams][0] : undefined;
}

function collectStreams(node: Bound, streams: Set<number>): void {
  if (node.kind === 'property' || node.kind === 'event') streams.add(node.stream);
  for (const operand of operandsOf(node)) collectStreams(operand, streams);
}
