import type { Bound, BoundComparison } from '../plan/expression.ts';
import { conjunction, conjuncts, operandsOf, someNode } from '../plan/expression-walk.ts';
import { planKey } from '../plan/plan-key.ts';
import type { IndexPlan, LookupPlan, RangePlan, StorePlan } from '../plan/store-plan.ts';
import { type PropertyType, sameType } from '../runtime/property-type.ts';
import { isParameter } from './bind-parameter.ts';
import { isInteger, isNumeric, isText } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/**
 * How the rows of a store that fit a condition are found: by the columns that must equal something else, else by one
 * that must lie between bounds. Where the columns of the primary key or of a unique index are among them, these are
 * enough. The row is stream 0 of the condition.
 */
export function planLookup(where: Bound | undefined, store: StorePlan, { indexes }: UserLibrary): LookupPlan {
  const conditions = conjuncts(where);
  const found: Equality[] = [];
  for (const condition of conditions) {
    const equality = equalityOf(condition);
    if (equality !== undefined) found.push({ ...equality, condition });
  }
  const equalities = byKey(found, store, indexes.get(store.name) ?? []);
  const plain = equalities.map(({ column, key }) => ({ column, key }));
  if (equalities.length > 0) {
    const used = new Set(equalities.map(({ condition }) => condition));
    const residual = conjunction(conditions.filter((condition) => !used.has(condition)));
    return { equalities: plain, range: undefined, residual, where };
  }
  const range = rangeOf(conditions);
  if (range === undefined) return { equalities: plain, range: undefined, residual: where, where };
  const residual = conjunction(conditions.filter((condition) => !range.used.includes(condition)));
  return { equalities: plain, range: range.plan, residual, where };
}

interface Equality {
  readonly column: Bound;
  readonly key: Bound;
  readonly condition: Bound;
}

/** Those of a key that finds one row at most, in its order; else all of them. */
function byKey(
  found: readonly Equality[],
  store: StorePlan,
  indexes: readonly IndexPlan[],
): readonly Equality[] {
  const unique = indexes
    .filter((index) => index.unique)
    .map(({ columns }) => columns.map(({ value }) => value));
  const primary =
    store.kind === 'create-table' && store.keys.length > 0
      ? [store.keys.map((name) => ({ name, type: store.type.property(name)!.type }))]
      : [];
  const keys = [
    ...primary.map((names) =>
      names.map(({ name, type }): Bound => ({ kind: 'property', type, stream: 0, name })),
    ),
    ...unique,
  ];
  for (const key of keys) {
    const covering = key.map((column) => {
      const text = planKey(column);
      return found.find((equality) => planKey(equality.column) === text);
    });
    if (covering.every((equality) => equality !== undefined)) return covering;
  }
  return found;
}

/** The row's side of a comparison and the other one; undefined where they don't fall apart so. */
function sidesOf({
  left,
  right,
}: {
  left: Bound;
  right: Bound;
}): { column: Bound; other: Bound } | undefined {
  if (isColumn(left) && !readsRow(right)) return { column: left, other: right };
  return isColumn(right) && !readsRow(left) ? { column: right, other: left } : undefined;
}

/** Something of the row alone that stays what it is while the row stands. */
function isColumn(node: Bound): boolean {
  const stays = (part: Bound): boolean => {
    if (part.kind === 'property') return part.stream === 0 && part.live === undefined;
    if (part.kind === 'constant') return true;
    const pure =
      part.kind === 'arithmetic' ||
      part.kind === 'concatenation' ||
      part.kind === 'member' ||
      part.kind === 'negation';
    return pure && operandsOf(part).every(stays);
  };
  return stays(node) && readsRow(node);
}

const readsRow = (node: Bound): boolean =>
  someNode(node, (part) => (part.kind === 'property' || part.kind === 'event') && part.stream === 0);

function equalityOf(condition: Bound): LookupPlan['equalities'][number] | undefined {
  if (condition.kind !== 'comparison' || condition.operator !== '=') return undefined;
  const sides = sidesOf(condition);
  if (sides === undefined) return undefined;
  const { column, other } = sides;
  return meet(column.type, other) ? { column, key: other } : undefined;
}

/** Types whose equal values are identical as keys of a map. */
function meet(column: PropertyType, other: Bound): boolean {
  const simple = column === 'string' || column === 'boolean' || isInteger(column);
  if (isParameter(other)) return simple;
  if (isInteger(column)) return isInteger(other.type);
  const real = (type: PropertyType) => type === 'double' || type === 'float';
  return (simple && sameType(column, other.type)) || (real(column) && real(other.type));
}

interface FoundRange {
  readonly plan: RangePlan;
  /** The conditions that it stands for. */
  readonly used: readonly Bound[];
}

function rangeOf(conditions: readonly Bound[]): FoundRange | undefined {
  for (const condition of conditions) {
    if (condition.kind === 'range' && !condition.not && isColumn(condition.value)) {
      const { value, low, high, lowIncluded, highIncluded } = condition;
      if (!isOrdered(value, low) || !isOrdered(value, high) || readsRow(low) || readsRow(high)) continue;
      const plan: RangePlan = {
        column: value,
        low: { value: low, included: lowIncluded },
        high: { value: high, included: highIncluded },
        swaps: true,
      };
      return { plan, used: [condition] };
    }
  }
  const first = conditions.map(boundOf).find((bound) => bound !== undefined);
  if (first === undefined) return undefined;
  const column = planKey(first.column);
  const used: Bound[] = [];
  let plan: RangePlan = { column: first.column, low: undefined, high: undefined, swaps: false };
  for (const condition of conditions) {
    const bound = boundOf(condition);
    if (bound === undefined || planKey(bound.column) !== column || plan[bound.side] !== undefined) continue;
    plan = { ...plan, [bound.side]: { value: bound.value, included: bound.included } };
    used.push(condition);
  }
  return { plan, used };
}

function boundOf(
  condition: Bound,
): { column: Bound; value: Bound; side: 'low' | 'high'; included: boolean } | undefined {
  if (condition.kind !== 'comparison' || condition.operator === '=' || condition.operator === '!=')
    return undefined;
  const sides = sidesOf(condition);
  if (sides === undefined || !isOrdered(sides.column, sides.other)) return undefined;
  const operator = sides.column === condition.left ? condition.operator : mirrored[condition.operator];
  const side = operator === '>' || operator === '>=' ? 'low' : 'high';
  return { column: sides.column, value: sides.other, side, included: operator === '>=' || operator === '<=' };
}

const mirrored: Readonly<
  Record<Exclude<BoundComparison['operator'], '=' | '!='>, BoundComparison['operator']>
> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const isOrdered = (column: Bound, other: Bound): boolean =>
  (isNumeric(column.type) && isNumeric(other.type)) ||
  (isText(column.type) && isText(other.type)) ||
  (isParameter(other) && (isNumeric(column.type) || isText(column.type)));
