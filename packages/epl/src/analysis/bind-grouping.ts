import { type Bound, rewrite, someNode } from '../plan/expression.ts';
import type { ResultPlan } from '../plan/plan.ts';
import { planKey } from '../plan/plan-key.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';

/** Replaces what equals a group-by expression by the group's key. */
export function groupKeyRewriter(groupBy: readonly Bound[]): (node: Bound) => Bound {
  const keys = new Map(groupBy.map((key, index) => [planKey(key), index]));
  return (node) =>
    rewrite(node, (inner) => {
      if (inner.kind === 'constant' || inner.kind === 'aggregate') return inner;
      const index = keys.get(planKey(inner));
      return index === undefined ? undefined : { kind: 'group-key', type: inner.type, index };
    });
}

export function bindGroupBy(nodes: readonly Expression[], binder: Binder): Bound[] {
  return nodes.map((node) => {
    const bound = bindExpression(node, binder);
    if (typeof bound.type !== 'string') throw notSupported('arrays and events as group keys', node);
    if (readsEvent(bound)) return bound;
    throw new Fault('EPL_AGGREGATION', 'group-by: an expression must name a property of the events', node);
  });
}

/** Whether the value depends on an event, outside of aggregates and group keys. */
export const readsEvent = (bound: Bound): boolean =>
  someNode(bound, ({ kind }) => kind === 'property' || kind === 'event');

/** The shape of the answer, by what is selected. */
export function resultKind(
  columns: readonly Bound[],
  grouped: boolean,
  aggregated: boolean,
): ResultPlan['kind'] {
  const plain = columns.some(readsEvent);
  if (grouped) return plain ? 'per-event-group-totals' : 'per-group';
  if (!aggregated) return 'per-event';
  return plain ? 'per-event-totals' : 'one-row';
}
