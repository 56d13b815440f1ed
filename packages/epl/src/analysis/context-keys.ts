import type { ContextPlan, KeyedPlan } from '../plan/context-plan.ts';
import type { Bound } from '../plan/expression.ts';
import { rewrite } from '../plan/expression-walk.ts';
import type { ScopeStream } from './scope.ts';

/**
 * In a partition of a keyed context the keys are constants: a column that is one does not make a row for each event,
 * and has its value also where no event is at hand. Reads the keys of the streams from the partition.
 */
export function contextKeyRewriter(
  streams: readonly ScopeStream[],
  context: ContextPlan | undefined,
): (bound: Bound) => Bound {
  const slots = streams.map(() => new Map<string, Bound>());
  for (const { base, body } of context?.levels ?? []) {
    if (body.kind !== 'keyed') continue;
    streams.forEach(({ type }, stream) => {
      const item = itemOf(body, type);
      item?.keys.forEach((key, i) => {
        if (key.kind !== 'property') return;
        const text = `context.key${i + 1}`;
        slots[stream].set(key.name, { kind: 'context', type: key.type, slot: base + i, text });
      });
    });
  }
  if (slots.every(({ size }) => size === 0)) return (bound) => bound;
  return (bound) =>
    rewrite(bound, (node) => (node.kind === 'property' ? slots[node.stream]?.get(node.name) : undefined));
}

const itemOf = ({ items }: KeyedPlan, type: ScopeStream['type']) =>
  items.find((item) => item.type === type) ?? items.find((item) => type.supertypes.includes(item.type));
