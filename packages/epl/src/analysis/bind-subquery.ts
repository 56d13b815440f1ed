import type { Bound, BoundSubquery } from '../plan/expression.ts';
import { conjunction, conjuncts, rewrite, someNode } from '../plan/expression-walk.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { SubqueryPlan, SubqueryQuestion } from '../plan/subquery-plan.ts';
import { createEventType } from '../runtime/event-type.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { Subquery } from '../syntax/select.ts';
import { bindColumns } from './bind-columns.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { bindGroupBy, groupKeyRewriter } from './bind-grouping.ts';
import { splitConditions } from './bind-join.ts';
import { bindStream } from './bind-stream.ts';
import type { Binder } from './binder.ts';
import { withNeeds } from './input-needs.ts';
import type { ScopeStream } from './scope.ts';
import { isComparable } from './types.ts';

/** The expressions that ask a subquery something. */
export type SubqueryExpression = Extract<
  Expression,
  { kind: 'subquery' | 'exists-subquery' | 'in-subquery' | 'quantified-subquery' }
>;

/** Binds a subquery and adds it to the statement's list. `asRows`: all its rows are asked for, as an array. */
export function bindSubquery(node: SubqueryExpression, binder: Binder, asRows = false): BoundSubquery {
  const { subqueries } = binder;
  if (subqueries === undefined) {
    throw new Fault('EPL_VALUE', `a subquery cannot stand in ${binder.place}`, node);
  }
  const { plan, outer } = planSubquery(node.query, node.kind, binder);
  const index = subqueries.push(plan) - 1;
  const [first] = plan.columns;
  const compared =
    node.kind === 'in-subquery' ? node.value : node.kind === 'quantified-subquery' ? node.left : undefined;
  if (compared !== undefined && plan.shape !== 'value') {
    throw new Fault('EPL_TYPE', 'a multi-column subquery cannot be compared: select one column', node.query);
  }
  const left = compared && bindExpression(compared, binder);
  if (left !== undefined && !isComparable(left.type, first.value.type)) {
    const types = `${printType(left.type)} with the ${printType(first.value.type)} of the subquery`;
    throw new Fault('EPL_TYPE', `cannot compare ${types}`, node);
  }
  const question = questionOf(node);
  const rowType: PropertyType =
    plan.shape === 'value' ? first.value.type : { kind: 'event', type: plan.rowType };
  let type: PropertyType = 'boolean';
  if (question.kind === 'value') type = asRows ? { kind: 'array', element: rowType } : rowType;
  if (asRows) return { kind: 'subquery', type, index, question: { kind: 'rows' }, left, outer };
  return { kind: 'subquery', type, index, question, left, outer };
}

function questionOf(node: SubqueryExpression): SubqueryQuestion {
  switch (node.kind) {
    case 'subquery':
      return { kind: 'value' };
    case 'exists-subquery':
      return { kind: 'exists' };
    case 'in-subquery':
      return { kind: 'in', not: node.not };
    case 'quantified-subquery':
      return { kind: 'quantified', quantifier: node.quantifier, operator: node.operator };
    default:
      return node satisfies never;
  }
}

const isOfOutside = (base: Bound): base is Extract<Bound, { kind: 'event' }> =>
  base.kind === 'event' && base.stream > 0;

/** What reads more of the statement than a subquery has. */
function refuseInside(part: Bound, query: Subquery, looksBack: boolean): void {
  const back = part.kind === 'previous' || part.kind === 'prior';
  if (back && (!looksBack || part.stream !== 0))
    throw notSupported("'prev' and 'prior' of a subquery outside of its select clause", query);
  if (part.kind === 'local-aggregate')
    throw new Fault('EPL_AGGREGATION', "the aggregates of a subquery have no 'group_by:'", query);
}

/** Parameters as they are seen inside of a subquery, whose own stream comes before those of the outside. */
function behind(parameters: Binder['parameters']): Binder['parameters'] {
  if (parameters === undefined) return undefined;
  const shift = (bound: Bound): Bound =>
    rewrite(bound, (node) =>
      node.kind === 'property' || node.kind === 'event' || node.kind === 'previous' || node.kind === 'prior'
        ? { ...node, stream: node.stream + 1 }
        : undefined,
    );
  return new Map([...parameters].map(([name, bound]) => [name, shift(bound)]));
}

/** The plan, and what it takes from the outside, over the streams of the outside. */
function planSubquery(
  query: Subquery,
  asked: SubqueryExpression['kind'],
  binder: Binder,
): { plan: SubqueryPlan; outer: readonly Bound[] } {
  if (query.from.source.kind === 'pattern')
    throw new Fault(
      'EPL_VALUE',
      'a pattern cannot stand in a subquery: insert its matches into a stream',
      query.from,
    );
  const { input, scope, condition } = bindStream(query.from, binder);
  if (input.window === undefined) {
    const message = `the subquery on '${input.name}' needs a data window, such as #keepall or #lastevent`;
    throw new Fault('EPL_VALUE', message, query.from);
  }
  const streams: ScopeStream[] = [scope, ...binder.scope.streams];
  const aggregates: AggregatePlan[] = [];
  const inner = (place: string, list?: AggregatePlan[]): Binder => ({
    ...binder,
    scope: { streams, preferred: 1 },
    aggregates: list,
    parameters: behind(binder.parameters),
    place,
  });
  const outer: Bound[] = [];
  const parameter = (value: Bound): Bound => {
    const at = outer.push(value) - 1;
    return { kind: 'property', type: value.type, stream: 1, name: `p${at}` };
  };
  /** Puts parameters in the place of what is read from the outside. */
  const inside = (node: Bound, looksBack = false): Bound =>
    rewrite(node, (part) => {
      refuseInside(part, query, looksBack);
      // Parameters of lambdas and declared expressions around the subquery belong to the outside.
      if (part.kind === 'parameter' && part.level < (binder.lambdaLevel ?? 0)) return parameter(part);
      // What is read dynamically is a parameter itself: the outside has to keep it.
      if ((part.kind === 'member' || part.kind === 'has-property') && isOfOutside(part.base))
        return parameter({ ...part, base: { ...part.base, stream: part.base.stream - 1 } });
      if ((part.kind !== 'property' && part.kind !== 'event') || part.stream === 0) return undefined;
      return parameter({ ...part, stream: part.stream - 1 });
    });
  const where = query.where && inside(bindCondition(query.where, inner('the where clause of the subquery')));
  const items = inner('the select clause of the subquery', aggregates);
  const { columns: bound, wholeEvent } = bindColumns(query.items, {
    ...items,
    scope: query.items.some(({ kind }) => kind !== 'expression') ? { streams: [scope] } : items.scope,
  });
  const { groupBy, groupingSets } = bindGroupBy(query.groupBy, {
    ...inner('the group-by clause of the subquery'),
    scope: { streams: [scope] },
  });
  if (groupingSets !== undefined) {
    const message = 'the group by of a subquery has no rollup, cube and grouping sets';
    throw new Fault('EPL_AGGREGATION', message, query);
  }
  const byKey = groupKeyRewriter(groupBy);
  const columns = bound.map(({ name, value }) => ({ name, value: byKey(inside(value, true)) }));
  const having =
    query.having && bindCondition(query.having, inner('the having clause of the subquery', aggregates));
  const correlated = aggregates.find(
    ({ argument }) =>
      argument !== undefined &&
      someNode(argument, (part) => (part.kind === 'property' || part.kind === 'event') && part.stream > 0),
  );
  if (correlated !== undefined)
    throw new Fault(
      'EPL_AGGREGATION',
      `${correlated.text}: an aggregate of a subquery takes no correlated properties of the statement around it`,
      query,
    );
  const plain = columns.some(({ value }) =>
    someNode(value, (part) => (part.kind === 'property' || part.kind === 'event') && part.stream === 0),
  );
  if (plain && (aggregates.length > 0 || groupBy.length > 0)) {
    throw new Fault(
      'EPL_AGGREGATION',
      'the columns of a subquery are all aggregated or grouped, or none of them',
      query,
    );
  }
  // What is found in the order of a value must not show in the answer.
  const mayReorder = asked !== 'subquery' || (aggregates.length > 0 && aggregates.every(isOrderless));
  const { equalities, residual, ranges } = splitConditions([...conjuncts(condition), ...conjuncts(where)]);
  const totals = aggregates.map((aggregate) => ({
    ...aggregate,
    argument: aggregate.argument && inside(aggregate.argument),
    filter: aggregate.filter && inside(aggregate.filter),
  }));
  const kept = [
    ...columns.map(({ value }) => value),
    ...totals.flatMap(({ argument, filter }) => [argument, filter]),
    ...groupBy,
    where,
  ];
  return {
    plan: {
      input: withNeeds([input], kept)[0],
      equalities,
      range: equalities.length > 0 || !mayReorder ? undefined : ranges.find(({ stream }) => stream === 0),
      residual: conjunction(residual),
      parameters: outer.length,
      groupBy,
      aggregates: totals,
      having: having && byKey(inside(having)),
      columns,
      distinct: query.distinct,
      shape: wholeEvent ? 'event' : columns.length === 1 ? 'value' : 'row',
      rowType: wholeEvent
        ? scope.type
        : createEventType(
            'subquery',
            columns.map(({ name, value }) => ({ name, type: value.type })),
          ),
    },
    outer,
  };
}

/** Aggregates that give the same whatever the order of the events. */
const isOrderless = ({ function: name }: AggregatePlan): boolean =>
  name === 'count' || name === 'min' || name === 'max' || name === 'median';
