import { isContent } from '../plan/content-key.ts';
import type { Bound } from '../plan/expression.ts';
import { rewrite, someNode } from '../plan/expression-walk.ts';
import type { ResultPlan } from '../plan/plan.ts';
import { planKey } from '../plan/plan-key.ts';
import type { Expression, PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { GroupItem, GroupingSet } from '../syntax/select.ts';
import type { Span } from '../syntax/source.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { canBeGivenBack, givenBack, keyValue } from './key-value.ts';

/** Replaces what equals a group-by expression by the group's key. */
export function groupKeyRewriter(groupBy: readonly Bound[]): (node: Bound) => Bound {
  const keys = new Map(
    groupBy.map((key, index) => [planKey(isContent(key) ? key.arguments[0] : key), index]),
  );
  return (node) =>
    rewrite(node, (inner) => {
      if (inner.kind === 'constant' || inner.kind === 'aggregate') return inner;
      const index = keys.get(planKey(inner));
      if (index === undefined) return undefined;
      const key = groupBy[index];
      return givenBack(key, { kind: 'group-key', type: key.type, index });
    });
}

export interface Grouping {
  /** All keys, equal ones once. */
  readonly groupBy: readonly Bound[];
  /** The keys of each level, by their places; undefined where nothing but plain keys is grouped by. */
  readonly groupingSets: readonly (readonly number[])[] | undefined;
}

/** More levels than this are no query that anybody means: a cube of n keys has 2^n. */
const mostLevels = 1024;

export function bindGroupBy(items: readonly GroupItem[], binder: Binder): Grouping {
  const groupBy: Bound[] = [];
  const places = new Map<string, number>();
  const place = (node: Expression): number => {
    const bound = bindKey(node, binder);
    const key = planKey(bound);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, groupBy.length);
    return groupBy.push(bound) - 1;
  };
  if (items.every(isPlain)) {
    items.forEach(place);
    return { groupBy, groupingSets: undefined };
  }
  let sets: (readonly number[])[] = [[]];
  for (const item of items) {
    const own = levelsOf(item, place);
    sets = sets.flatMap((set) => own.map((level) => [...new Set([...set, ...level])]));
    if (sets.length > mostLevels)
      throw new Fault('EPL_LIMIT', `group-by: more than ${mostLevels} levels`, item);
  }
  return { groupBy, groupingSets: sets };
}

const isPlain = (item: GroupItem): item is Expression =>
  item.kind !== 'rollup' && item.kind !== 'cube' && item.kind !== 'grouping-sets';

/** From the most detailed on. */
function levelsOf(
  item: GroupItem | GroupingSet,
  place: (node: Expression) => number,
): readonly (readonly number[])[] {
  switch (item.kind) {
    case 'rollup': {
      const parts = item.items.map(({ keys }) => keys.map(place));
      checkRepeats(parts, item);
      return parts.map((_, i) => parts.slice(0, parts.length - i).flat()).concat([[]]);
    }
    case 'cube': {
      const parts = item.items.map(({ keys }) => keys.map(place));
      checkRepeats(parts, item);
      if (parts.length > 10) throw new Fault('EPL_LIMIT', `group-by: a cube of more than 10 keys`, item);
      return parts.reduceRight<number[][]>(
        (levels, part) => levels.map((level) => part.concat(level)).concat(levels),
        [[]],
      );
    }
    case 'grouping-sets': {
      const levels = item.sets.flatMap((set) => levelsOf(set, place));
      checkRepeats(levels, item);
      return levels;
    }
    case 'grouping-set':
      return [item.keys.map(place)];
    default:
      return [[place(item)]];
  }
}

/** @throws Fault where two levels would be one: a part of a rollup or cube, or a grouping set stands twice */
function checkRepeats(parts: readonly (readonly number[])[], item: Span): void {
  const seen = new Set(parts.map((part) => part.join()));
  if (seen.size === parts.length) return;
  throw new Fault('EPL_DUPLICATE_NAME', 'group-by: duplicate specification of expressions', item);
}

function bindKey(node: Expression, binder: Binder): Bound {
  const bound = bindExpression(node, binder);
  if (!canBeGivenBack(bound.type))
    throw new Fault(
      'EPL_TYPE',
      'group-by: an event is no key of a group: name the properties that tell it apart',
      node,
    );
  if (readsEvent(bound)) return keyValue(bound);
  throw new Fault('EPL_AGGREGATION', 'group-by: an expression must name a property of the events', node);
}

/** `grouping(k)`, `grouping_id(k, …)`. */
export function bindGroupingFunction(name: string, part: PathPart, binder: Binder): Bound {
  const { groupKeys } = binder;
  if (groupKeys === undefined) {
    const message = `${name} needs a group by with rollup, cube or grouping sets`;
    throw new Fault('EPL_AGGREGATION', message, part);
  }
  const { list } = part.arguments!;
  if (list.length === 0 || (name === 'grouping' && list.length > 1))
    throw new Fault(
      'EPL_VALUE',
      `${name} takes ${name === 'grouping' ? 'one key' : 'one or more keys'}`,
      part,
    );
  const known = groupKeys.map(planKey);
  const keys = list.map((node) => {
    const key = known.indexOf(planKey(keyValue(bindExpression(node, { ...binder, aggregates: undefined }))));
    if (key >= 0) return key;
    throw new Fault('EPL_AGGREGATION', `${name} needs expressions of the group by`, node);
  });
  return { kind: 'grouping', type: 'int', keys };
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
