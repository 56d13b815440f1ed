import type { Bound } from '../plan/expression.ts';
import { operandsOf, rewrite, someNode } from '../plan/expression-walk.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import type { RecognizePlan, RowVariablePlan } from '../plan/recognize-plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { MatchRecognize, RowPattern, RowRepeat } from '../syntax/match-recognize.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { keyValue } from './key-value.ts';
import { type Bounds, buildAutomaton } from './row-automaton.ts';
import type { Scope } from './scope.ts';
import { bindPeriod, constantOf } from './window-parameters.ts';

/** The row that a definition tests, and the partial match before it. */
const [rowStream, matchStream] = [0, 1];

/** Binds `match_recognize` over rows of a type. @throws Fault */
export function bindRecognize(
  node: MatchRecognize,
  type: EventType,
  surroundings: Pick<Binder, 'eventTypes' | 'library'>,
): RecognizePlan {
  const binderOf = (scope: Scope, place: string): Binder => ({
    ...surroundings,
    scope,
    aggregates: undefined,
    subqueries: undefined,
    place,
  });
  const constants = binderOf({ streams: [] }, 'the bounds of a pattern');
  const boundsOf = (repeat: RowRepeat) => bindBounds(repeat, constants);
  const names = new Map<string, boolean>();
  collectVariables(node.pattern, false, boundsOf, names);
  checkDefinitions(node, names);
  const rows = createEventType(
    'match',
    [...names].map(([name, multiple]) => ({ name, type: variableType(type, multiple) })),
  );
  const partitionBy = node.partitionBy.map((key) =>
    keyValue(
      bindExpression(
        key,
        binderOf({ streams: [{ name: type.name, aliased: false, type }] }, "'partition by'"),
      ),
    ),
  );
  const order = [...names.keys()];
  const visible = new Map(order.map((name) => [name, new Set<string>()]));
  collectVisible(node.pattern, new Set(), visible);
  const defined = new Map(node.define.map(({ variable, condition }) => [variable, condition]));
  const variables = order.map((name): RowVariablePlan => {
    const multiple = names.get(name)!;
    const condition = defined.get(name);
    const seen = visible.get(name)!;
    const others = rows.properties.filter((other) => (other.name === name ? multiple : seen.has(other.name)));
    const scope: Scope = {
      streams: [
        { name, aliased: true, type },
        { name: 'match', aliased: false, type: createEventType('match', others) },
      ],
      preferred: 1,
    };
    const define =
      condition &&
      bindCondition(condition, { ...binderOf(scope, `the definition of ${name}`), readsEarlierRows: true });
    return { name, multiple, define, readsMatch: define !== undefined && reads(define, matchStream) };
  });
  const { measures, aggregates } = bindMeasures(node, type, rows, names, binderOf);
  return {
    type: createEventType(
      'match_recognize',
      measures.map(({ name, value }) => ({ name, type: value.type })),
    ),
    rows,
    variables,
    automaton: buildAutomaton(node.pattern, (name) => order.indexOf(name), boundsOf),
    partitionBy,
    measures,
    aggregates,
    allMatches: node.allMatches,
    skip: node.skip ?? 'past last row',
    interval: node.interval && {
      period: bindPeriod(node.interval.duration, "'interval'", constants),
      orTerminated: node.interval.orTerminated,
    },
    previous: Math.max(0, ...variables.map(({ define }) => (define === undefined ? 0 : farthestRow(define)))),
  };
}

const variableType = (type: EventType, multiple: boolean) =>
  multiple
    ? ({ kind: 'array', element: { kind: 'event', type } } as const)
    : ({ kind: 'event', type } as const);

const reads = (node: Bound, stream: number): boolean =>
  someNode(node, (inner) => (inner.kind === 'property' || inner.kind === 'event') && inner.stream === stream);

/** How many rows before its own a definition looks back. */
function farthestRow(node: Bound): number {
  const own = node.kind === 'prior' ? node.offset : 0;
  return Math.max(own, ...operandsOf(node).map(farthestRow));
}

/** The variables in their order, and whether each may take several rows. */
function collectVariables(
  node: RowPattern,
  repeated: boolean,
  boundsOf: (repeat: RowRepeat) => Bounds,
  names: Map<string, boolean>,
): void {
  switch (node.kind) {
    case 'variable':
      names.set(node.name, repeated || names.get(node.name) === true);
      break;
    case 'sequence':
    case 'alternatives':
    case 'permutation':
      for (const part of node.parts) collectVariables(part, repeated, boundsOf, names);
      break;
    case 'repeat':
      collectVariables(node.operand, repeated || boundsOf(node).high > 1, boundsOf, names);
      break;
    default:
      node satisfies never;
  }
}

/**
 * Which variables the definition of each may name: those that come before it in the pattern; those of other
 * alternatives do not. Returns the variables that come up to the end of the node.
 */
function collectVisible(
  node: RowPattern,
  before: ReadonlySet<string>,
  visible: ReadonlyMap<string, Set<string>>,
): ReadonlySet<string> {
  switch (node.kind) {
    case 'variable':
      for (const name of before) visible.get(node.name)!.add(name);
      return new Set([...before, node.name]);
    case 'sequence':
      return node.parts.reduce((reached, part) => collectVisible(part, reached, visible), before);
    case 'alternatives':
      return new Set(node.parts.flatMap((part) => [...collectVisible(part, before, visible)]));
    case 'permutation': {
      const ends = node.parts.map((part) => collectVisible(part, before, visible));
      for (const part of node.parts)
        collectVisible(
          part,
          new Set(ends.filter((_, i) => node.parts[i] !== part).flatMap((end) => [...end])),
          visible,
        );
      return new Set(ends.flatMap((end) => [...end]));
    }
    case 'repeat':
      return collectVisible(node.operand, before, visible);
    default:
      return node satisfies never;
  }
}

function bindBounds(node: RowRepeat, constants: Binder): Bounds {
  switch (node.quantifier) {
    case '*':
      return { low: 0, high: Number.POSITIVE_INFINITY };
    case '+':
      return { low: 1, high: Number.POSITIVE_INFINITY };
    case '?':
      return { low: 0, high: 1 };
    case 'range': {
      const bound = (expression: RowRepeat['low'], otherwise: number): number => {
        if (expression === undefined) return otherwise;
        const value = constantOf(bindExpression(expression, constants), expression, 'a repetition');
        if (Number.isInteger(value) && value > 0) return value;
        throw new Fault(
          'EPL_VALUE',
          `the bounds of a repetition are whole numbers above 0, not ${value}`,
          expression,
        );
      };
      const [low, high] = [bound(node.low, 0), bound(node.high, Number.POSITIVE_INFINITY)];
      if (low <= high && high > 0) return { low, high };
      throw new Fault('EPL_VALUE', `the bounds {${low},${high}} of a repetition allow no row`, node);
    }
    default:
      return node.quantifier satisfies never;
  }
}

function checkDefinitions({ define }: MatchRecognize, names: ReadonlyMap<string, boolean>): void {
  define.forEach(({ variable, condition }, i) => {
    if (!names.has(variable)) {
      const close = closestName(variable, names.keys());
      throw new Fault('EPL_UNKNOWN_PROPERTY', `the pattern has no variable '${variable}'`, condition, close);
    }
    if (define.findIndex((other) => other.variable === variable) !== i)
      throw new Fault('EPL_DUPLICATE_NAME', `the variable '${variable}' is defined twice`, condition);
  });
}

function bindMeasures(
  node: MatchRecognize,
  type: EventType,
  rows: EventType,
  names: ReadonlyMap<string, boolean>,
  binderOf: (scope: Scope, place: string) => Binder,
): Pick<RecognizePlan, 'measures' | 'aggregates'> {
  const order = [...names.keys()];
  const aggregates: AggregatePlan[] = [];
  const binder: Binder = {
    ...binderOf({ streams: [{ name: 'match', aliased: false, type: rows }] }, 'the measures'),
    aggregates,
    // Inside of an aggregate a variable is each of its rows.
    aggregateScope: { streams: order.map((name) => ({ name, aliased: true, type })) },
  };
  const seen = new Set<string>();
  const measures: { name: string; value: Bound }[] = [];
  const owners: RecognizePlan['aggregates'][number][] = [];
  for (const { expression, alias } of node.measures) {
    if (seen.has(alias))
      throw new Fault('EPL_DUPLICATE_NAME', `the measure '${alias}' occurs twice`, expression);
    seen.add(alias);
    const value = bindExpression(expression, binder);
    measures.push({
      name: alias,
      value: value.type === 'null' ? ({ ...value, type: 'object' } as Bound) : value,
    });
    for (const aggregate of aggregates.slice(owners.length)) {
      const variable = variableOf(aggregate);
      if (variable === undefined || names.get(order[variable]) !== true) {
        const message = `${aggregate.text} must read the rows of one variable that takes several rows`;
        throw new Fault('EPL_AGGREGATION', message, expression);
      }
      owners.push({ variable, aggregate: overRow(aggregate) });
    }
  }
  return { measures, aggregates: owners };
}

/** The only variable that an aggregate reads. */
function variableOf({ argument, filter, groupBy }: AggregatePlan): number | undefined {
  const streams = new Set<number>();
  const visit = (node: Bound | undefined): void => {
    if (node === undefined) return;
    if (node.kind === 'property' || node.kind === 'event') streams.add(node.stream);
    for (const operand of operandsOf(node)) visit(operand);
  };
  visit(argument);
  visit(filter);
  if (groupBy !== undefined || streams.size !== 1) return undefined;
  return [...streams][0];
}

/** The same over the row alone. */
function overRow(aggregate: AggregatePlan): AggregatePlan {
  const own = (node: Bound): Bound =>
    rewrite(node, (inner) =>
      inner.kind === 'property' || inner.kind === 'event' ? { ...inner, stream: rowStream } : undefined,
    );
  return {
    ...aggregate,
    argument: aggregate.argument && own(aggregate.argument),
    filter: aggregate.filter && own(aggregate.filter),
  };
}
