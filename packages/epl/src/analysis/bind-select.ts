import { toDouble } from '../long.ts';
import type { Bound } from '../plan/expression.ts';
import { conjunction, conjuncts, someNode } from '../plan/expression-walk.ts';
import type {
  AggregatePlan,
  DeliveryPlan,
  InputPlan,
  LimitPlan,
  OrderPlan,
  SelectPlan,
} from '../plan/plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import { printType } from '../runtime/property-type.ts';
import { leavesInOrder } from '../runtime/windows/leaves-in-order.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { DeliveryNode, LimitNode, Select } from '../syntax/select.ts';
import { bindColumns } from './bind-columns.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { bindGroupBy, groupKeyRewriter, readsEvent, resultKind } from './bind-grouping.ts';
import { bindInsert } from './bind-insert.ts';
import { intoTable, planIntoTable, withDeclaredKeys } from './bind-into-table.ts';
import { planJoin } from './bind-join.ts';
import { bindOutput } from './bind-output.ts';
import { bindRecognize } from './bind-recognize.ts';
import { type BoundStream, bindStream, checkStreamNames, splitFilter } from './bind-stream.ts';
import { bindTransposed } from './bind-transposed.ts';
import type { Binder } from './binder.ts';
import { contextKeyRewriter } from './context-keys.ts';
import { checkFilterTyping } from './filter-typing.ts';
import { readsHistory, withNeeds } from './input-needs.ts';
import { retentionOf } from './retention.ts';
import type { Scope } from './scope.ts';
import { insertTypes } from './store-types.ts';
import { isInteger } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/** Streams that stand in no from clause: a select of a trigger, over pairs. All its conditions are tested on these. */
export interface GivenStreams {
  readonly streams: readonly BoundStream[];
  readonly subqueries: SubqueryPlan[];
}

/** Binds a select and plans it. `name` names the type of its rows, where it inserts into no stream. */
export function bindSelect(
  written: Select,
  name: string,
  eventTypes: ReadonlyMap<string, EventType>,
  library?: UserLibrary,
  given?: GivenStreams,
): SelectPlan {
  const table = written.intoTable && intoTable(written.intoTable, library!);
  const node = table === undefined ? written : withDeclaredKeys(written, table);
  checkStreamNames(node.from);
  const subqueries = given?.subqueries ?? [];
  const sources =
    given?.streams ?? node.from.map((stream) => bindStream(stream, { eventTypes, subqueries, library }));
  const bound =
    node.matchRecognize === undefined
      ? sources
      : sources.map((source) => recognized(node, source, { eventTypes, library }));
  const streams = bound.map((stream) => stream.scope);
  const inputs = bound.map((stream) => stream.input);
  const scope: Scope = { streams };
  const aggregates: AggregatePlan[] = [];
  let groupKeys: readonly Bound[] | undefined;
  const binder = (place: string, list?: AggregatePlan[]): Binder => ({
    scope,
    eventTypes,
    aggregates: list,
    subqueries,
    library,
    groupKeys,
    place,
  });

  const where = node.where && bindCondition(node.where, binder('the where clause'));
  const conditions = [...conjuncts(where), ...tableFilters(bound, node)];
  const joined = inputs.length > 1;
  // What is inside of an event is not there yet where its stream is filtered.
  const windowless =
    !joined &&
    inputs[0].window === undefined &&
    inputs[0].pattern === undefined &&
    inputs[0].recognize === undefined &&
    inputs[0].contained === undefined;
  // Without a window, where filters the stream; what looks back is tested when the event has come in.
  const late = conditions.filter(readsHistory);
  const filters = conditions.filter((condition) => !readsHistory(condition));
  if (windowless && node.where) for (const conjunct of conditions) checkFilterTyping(conjunct, node.where);

  const { groupBy, groupingSets } = bindGroupBy(node.groupBy, binder('the group-by clause'));
  if (groupingSets !== undefined) groupKeys = groupBy;
  const types = node.insertInto && insertTypes(node.insertInto.target.name, eventTypes, library?.stores);
  const selecting = binder('the select clause', aggregates);
  const transposed = bindTransposed(node, selecting, types);
  const { columns, wholeEvent } =
    transposed ?? bindColumns(node.items, selecting, node.insertInto?.columns !== undefined);
  const selectAggregates = aggregates.length;
  const having = node.having && bindCondition(node.having, binder('the having clause', aggregates));
  const byKey = groupKeyRewriter(groupBy);
  const grouped = groupBy.length > 0;
  const byPartition = aggregates.length > 0 ? contextKeyRewriter(streams, library?.context) : unchanged;
  const rewritten = columns.map(({ value }) => byPartition(byKey(value)));
  if (grouped && having !== undefined && readsEvent(byPartition(byKey(having)))) {
    throw new Fault('EPL_AGGREGATION', havingMessage(byKey(having)), node.having!);
  }
  const order = bindOrderBy(node, columns, binder('the order by clause', aggregates), selectAggregates);
  // Rows of groups cannot be sorted by what an event has: they become rows of events.
  const sortedBy =
    grouped && groupingSets === undefined ? order.map(({ value }) => byPartition(byKey(value))) : [];
  // Without groups, a plain column in having makes rows of events just as one in select does.
  const tested = grouped || having === undefined ? [] : [byPartition(having)];
  const shape = resultKind([...rewritten, ...sortedBy, ...tested], grouped, aggregates.length > 0);
  if (table === undefined && !joined) expectLeaving(inputs[0], aggregates, node);
  if (groupingSets !== undefined && shape !== 'per-group') {
    const plain = columns.find((_, i) => readsEvent(rewritten[i]));
    const which = plain === undefined ? '' : `, and ${plain.name} is neither`;
    const message = `group-by: with rollup, cube or grouping sets every column must be grouped or aggregated${which}`;
    throw new Fault('EPL_AGGREGATION', message, node.groupBy[0]);
  }
  const kind = groupingSets === undefined ? shape : 'rollup';
  const perGroup = shape === 'per-group';
  const form = (bound: Bound): Bound => byPartition(perGroup ? byKey(bound) : bound);
  // A single row has no order.
  const orderBy =
    kind === 'one-row' ? [] : order.map(({ value, descending }) => ({ value: form(value), descending }));

  const source = joined ? undefined : streams[0].type;
  const target = node.insertInto && bindInsert(node.insertInto, columns, wholeEvent, types!, source);
  // The rows of a table change while they stand: what is given away is a copy.
  const whole = (target ? target.wholeEvent : wholeEvent) && inputs[0].window?.kind !== 'table';
  const rowType =
    target?.rowType ??
    target?.type ??
    (whole
      ? streams[0].type
      : createEventType(
          name,
          columns.map((column) => ({ name: column.name, type: column.value.type })),
        ));
  const plan: Omit<SelectPlan, 'retention'> = {
    kind: 'select',
    inputs: withNeeds(windowless ? [withWhere(inputs[0], filters)] : inputs, [
      ...conditions,
      ...groupBy,
      ...columns.map(({ value }) => value),
      ...orderBy.map(({ value }) => value),
      ...aggregates.flatMap(({ argument, filter, groupBy: keys }) => [argument, filter, ...(keys ?? [])]),
      having,
    ]),
    join: joined
      ? given !== undefined
        ? { equalities: [], residual: conditions, ranges: [], outer: undefined, driver: undefined }
        : planJoin(node.from, inputs, conditions, (on) => bindCondition(on, binder("the 'on' clause")))
      : undefined,
    where: joined ? undefined : conjunction(windowless ? late : conditions),
    groupBy,
    ...(groupingSets && { groupingSets }),
    aggregates: table === undefined ? aggregates.map((aggregate) => byEvent(aggregate, inputs)) : aggregates,
    subqueries,
    result: {
      kind,
      columns: (target?.columns ?? columns).map((column) => ({
        name: column.name,
        value: form(column.value),
      })),
      wholeEvent: whole && !perGroup && kind !== 'one-row',
      ...(transposed && { from: form(transposed.from) }),
    },
    having: having && form(having),
    orderBy,
    distinct: node.distinct,
    limit: node.limit && bindLimit(node.limit, binder('the limit clause')),
    ...(node.delivery && { delivery: bindDelivery(node.delivery, rowType) }),
    output: node.output && bindOutput(node.output, binder('the output clause')),
    selector: node.selector ?? 'istream',
    insertInto: target && { type: target.type, selector: node.insertInto!.selector },
    rowType,
    evidence: 0,
  };
  const retained = { ...plan, retention: retentionOf(plan) };
  if (table === undefined) return retained;
  return { ...retained, intoTable: planIntoTable(node, retained, table), retention: 'events' };
}

/**
 * `first`, `last` and `window` keep the events, where these may leave in another order than they came, or stand in
 * several rows of a join: their arguments are an event and its value.
 */
function byEvent(plan: AggregatePlan, inputs: readonly InputPlan[]): AggregatePlan {
  const { function: name, argument } = plan;
  if ((name !== 'first' && name !== 'last' && name !== 'window') || argument === undefined) return plan;
  const [{ window }] = inputs;
  // Without a window the values are not kept: there, nulls are passed over.
  if (inputs.length === 1 && window === undefined && name !== 'window' && plan.position === 0)
    return { ...plan, function: name === 'first' ? 'firstever' : 'lastever' };
  if (inputs.length === 1 && (window === undefined || leavesInOrder(window))) return plan;
  let event: Bound | undefined;
  someNode(argument, (node) => {
    if (node.kind === 'event') event = node;
    else if (node.kind === 'property') {
      const { stream } = node;
      event = { kind: 'event', type: { kind: 'event', type: inputs[stream].type }, stream };
    }
    return event !== undefined;
  });
  if (event === undefined) return plan;
  const list: Bound = {
    kind: 'array',
    type: { kind: 'array', element: 'object' },
    elements: [event, argument],
  };
  return { ...plan, argument: list, byEvent: true };
}

/** @throws Fault where events never leave, so that an aggregate would hold all of them for ever */
function expectLeaving(input: InputPlan, aggregates: readonly AggregatePlan[], node: Select): void {
  if (input.window !== undefined || input.recognize !== undefined) return;
  const endless = aggregates.find(
    ({ function: name }) => name === 'window' || name === 'sorted' || name === 'rate-of-window',
  );
  if (endless === undefined) return;
  const message = `${endless.text} needs a data window on '${input.name}', such as #time(1 min)`;
  throw new Fault('EPL_AGGREGATION', message, node.from[0]);
}

/** The columns of `for grouped_delivery (…)`. @throws Fault */
function bindDelivery(node: DeliveryNode, rowType: EventType): DeliveryPlan {
  if (node.kind === 'grouped' && node.keys.length === 0)
    throw new Fault('EPL_VALUE', 'grouped_delivery needs columns in parentheses', node);
  const columns = node.keys.map((key) => {
    const name = reprint(key);
    if (rowType.property(name) !== undefined) return name;
    const close = closestName(
      name,
      rowType.properties.map((property) => property.name),
    );
    throw new Fault(
      'EPL_UNKNOWN_PROPERTY',
      `grouped_delivery needs a column, and '${name}' is none`,
      key,
      close,
    );
  });
  return { columns };
}

const unchanged = (bound: Bound): Bound => bound;
/** The filter of a table counts like where. @throws Fault in a join, where the table's rows are only looked up */
function tableFilters(streams: readonly BoundStream[], node: Select): readonly Bound[] {
  const filtered = streams.findIndex(({ condition }) => condition !== undefined);
  if (filtered < 0) return [];
  if (streams.length === 1) return conjuncts(streams[0].condition);
  throw new Fault(
    'EPL_VALUE',
    'in a join the filter of a table belongs into the where clause',
    node.from[filtered],
  );
}

/** The stream behind match_recognize: its events are the measures. */
function recognized(
  { matchRecognize, from }: Select,
  { input, scope }: BoundStream,
  surroundings: Pick<Binder, 'eventTypes' | 'library'>,
): BoundStream {
  if (from.length > 1) throw new Fault('EPL_VALUE', 'match_recognize reads one stream, not a join', from[1]);
  const recognize = bindRecognize(matchRecognize!, scope.type, surroundings);
  return {
    input: { ...input, recognize },
    scope: { name: scope.name, aliased: scope.aliased, type: recognize.type },
  };
}

/** Where of a statement without a window is a filter. */
function withWhere(input: InputPlan, where: readonly Bound[]): InputPlan {
  const { filter, lateFilter } = splitFilter([...input.filter, ...conjuncts(input.lateFilter), ...where]);
  return { ...input, filter, lateFilter };
}

function havingMessage(having: Bound): string {
  let found = '';
  someNode(having, (node) => {
    if (node.kind !== 'property') return false;
    found = node.name;
    return true;
  });
  return `'${found}' in the having clause is neither grouped nor aggregated: add it to group by`;
}

function bindOrderBy(
  node: Select,
  columns: readonly { readonly name: string; readonly value: Bound }[],
  binder: Binder,
  selectAggregates: number,
): OrderPlan[] {
  const known = binder.aggregates!.length;
  const { scope } = binder;
  const isProperty = (name: string) => scope.streams.some(({ type }) => type.property(name) !== undefined);
  const aliases = columns
    .filter(({ name }) => !isProperty(name))
    .map(({ name, value }) => [name, value] as const);
  const inside: Binder = { ...binder, parameters: new Map([...(binder.parameters ?? []), ...aliases]) };
  return node.orderBy.map(({ expression, descending }) => {
    const alias = aliasOf(expression);
    const column = columns.find(({ name }) => name === alias);
    const value = column?.value ?? bindExpression(expression, inside);
    // An aggregate that is computed for having only, or not at all, is no column to order by.
    const foreign = someNode(value, (inner) => inner.kind === 'aggregate' && inner.index >= selectAggregates);
    if (foreign || binder.aggregates!.length > known) {
      const message = `order-by: the aggregate in ${reprint(expression)} must also stand in the select clause`;
      throw new Fault('EPL_AGGREGATION', message, expression);
    }
    if (someNode(value, (inner) => inner.kind === 'subquery'))
      throw new Fault('EPL_VALUE', 'order-by: a subquery cannot stand here', expression);
    if (typeof value.type !== 'string') {
      throw new Fault('EPL_TYPE', `order-by: values of ${printType(value.type)} have no order`, expression);
    }
    return { value, descending };
  });
}

/** The name, where the expression is nothing but a name. */
function aliasOf(expression: Expression): string | undefined {
  if (expression.kind !== 'path') return undefined;
  const plain = expression.parts.every(
    ({ arguments: args, indexes }) => args === undefined && indexes === undefined,
  );
  return plain ? expression.parts.map((part) => part.name).join('.') : undefined;
}

function bindLimit(node: LimitNode, binder: Binder): LimitPlan {
  const number = (expression: Expression): number | string => {
    const bound = bindExpression(expression, { ...binder, scope: { streams: [] } });
    if (bound.kind === 'variable' && isInteger(bound.type)) return bound.name;
    const value =
      bound.kind === 'constant' && bound.type !== 'string' ? toDouble(bound.value as number) : Number.NaN;
    if (!Number.isInteger(value))
      throw new Fault('EPL_VALUE', 'limit and offset need a whole number', expression);
    return value;
  };
  const count = number(node.count);
  const offset = node.offset === undefined ? 0 : number(node.offset);
  return { count: typeof count === 'number' && count < 0 ? undefined : count, offset };
}
