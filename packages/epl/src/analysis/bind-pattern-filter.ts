import type { Bound } from '../plan/expression.ts';
import { conjuncts, operandsOf, rewrite, someNode } from '../plan/expression-walk.ts';
import type { PatternFilterPlan } from '../plan/pattern-plan.ts';
import { sameType } from '../runtime/property-type.ts';
import type { PatternFilter } from '../syntax/pattern.ts';
import { bindContained } from './bind-contained.ts';
import { bindCondition } from './bind-expression.ts';
import { type Tags, tagType } from './bind-pattern.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import { checkFilterTyping } from './filter-typing.ts';
import { isInteger, isNumeric } from './types.ts';

/** The event that is tested, and the partial match that waits for it. */
const [ownStream, partialStream] = [0, 1];

/** Binds `b=Alert(src = a.src)`: names are looked for in the event first, then among the tags. @throws Fault */
export function bindPatternFilter(
  node: PatternFilter,
  tags: Tags,
  { eventTypes, subqueries, library }: Pick<Binder, 'eventTypes' | 'subqueries' | 'library'>,
): PatternFilterPlan {
  const type = knownType(node.filter.type, eventTypes);
  const inside = node.filter.contained;
  const contained =
    inside.length > 0 &&
    bindContained(inside, { name: type.name, aliased: false, type }, { eventTypes, library });
  const name = node.tag ?? type.name;
  const binder: Binder = {
    scope: {
      streams: [
        { name, aliased: node.tag !== undefined, type },
        { name: 'pattern', aliased: false, type: tagType(tags) },
      ],
      preferred: 1,
    },
    eventTypes,
    aggregates: undefined,
    subqueries,
    library,
    place: 'a filter',
  };
  const conditions = node.filter.filters.flatMap((condition) => {
    const parts = conjuncts(bindCondition(condition, binder));
    for (const conjunct of parts) checkFilterTyping(conjunct, condition);
    return parts;
  });
  const waits = conditions.filter(
    (condition) => reads(condition, partialStream) || someNode(condition, isOfInstance),
  );
  const equalities = waits.map(equalityOf);
  const ordered = waits.map(orderOf).find((order) => order !== undefined);
  return {
    type,
    tag: node.tag,
    name,
    ...(contained && { contained }),
    fixed: conditions.filter((condition) => !waits.includes(condition)),
    equalities: equalities.filter((equality) => equality !== undefined),
    residual: waits.filter((_, i) => equalities[i] === undefined),
    order: ordered && overPartial(ordered),
    consume: node.consume,
    dynamic: [...dynamicNames(conditions)],
  };
}

const reads = (node: Bound, stream: number): boolean =>
  someNode(node, (inner) => (inner.kind === 'property' || inner.kind === 'event') && inner.stream === stream);

/** What only the statement, or its part in a partition, can tell. */
const isOfInstance = ({ kind }: Bound): boolean => kind === 'subquery' || kind === 'context';

/** What has one value from the beginning of a wait to its end. */
const isSettled = (node: Bound): boolean =>
  (reads(node, partialStream) || someNode(node, isOfInstance)) &&
  !reads(node, ownStream) &&
  !someNode(node, ({ kind }) => kind === 'subquery' || kind === 'now' || kind === 'variable');

/** `src = a.src` with types whose equal values are identical in JavaScript. */
function equalityOf(condition: Bound): PatternFilterPlan['equalities'][number] | undefined {
  if (condition.kind !== 'comparison' || condition.operator !== '=') return undefined;
  const { left, right } = condition;
  const same = sameType(left.type, right.type) && (left.type === 'string' || left.type === 'boolean');
  if (!same && !(isInteger(left.type) && isInteger(right.type))) return undefined;
  for (const [own, other] of [
    [left, right],
    [right, left],
  ]) {
    if (own.kind === 'property' && own.stream === ownStream && isSettled(other))
      return { own, other: overPartial(other) };
  }
  return undefined;
}

/** The bound of `octets > a.octets`, the lower one of `octets between a.octets and 100`. */
function orderOf(condition: Bound): Bound | undefined {
  if (condition.kind === 'range') {
    const { value, low, high, not } = condition;
    if (not || !isNumeric(value.type) || value.kind !== 'property' || value.stream !== ownStream)
      return undefined;
    return [low, high].find(isSettled);
  }
  if (condition.kind !== 'comparison' || condition.operator === '=' || condition.operator === '!=')
    return undefined;
  const { left, right } = condition;
  if (!isNumeric(left.type) || !isNumeric(right.type)) return undefined;
  if (left.kind === 'property' && left.stream === ownStream && isSettled(right)) return right;
  return right.kind === 'property' && right.stream === ownStream && isSettled(left) ? left : undefined;
}

/** The same over the partial match alone. */
function overPartial(node: Bound): Bound {
  return rewrite(node, (inner) =>
    inner.kind === 'property' || inner.kind === 'event' ? { ...inner, stream: 0 } : undefined,
  );
}

function dynamicNames(conditions: readonly Bound[]): Set<string> {
  const names = new Set<string>();
  const visit = (node: Bound): void => {
    const looked = node.kind === 'member' || node.kind === 'has-property';
    if (looked && node.base.kind === 'event' && node.base.stream === ownStream) names.add(node.name);
    for (const operand of operandsOf(node)) visit(operand);
  };
  conditions.forEach(visit);
  return names;
}
