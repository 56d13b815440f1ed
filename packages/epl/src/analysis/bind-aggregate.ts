import { type Bound, someNode } from '../plan/expression.ts';
import type { AggregateFunction, AggregatePlan } from '../plan/plan.ts';
import { planKey } from '../plan/plan-key.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { Arguments, Expression, PathPart } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { arithmeticType, isNumeric, isText, typed, typeFault } from './types.ts';

const aggregateFunctions: ReadonlySet<string> = new Set<AggregateFunction>([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'minever',
  'maxever',
  'median',
  'stddev',
  'avedev',
  'first',
  'last',
  'window',
  'firstever',
  'lastever',
  'countever',
]); // prettier-ignore

export const aggregateNames: readonly string[] = [...aggregateFunctions];

const isFilter = (argument: Expression): boolean =>
  argument.kind === 'named-argument' && argument.name.toLowerCase() === 'filter';

/** `min` and `max` of several values are functions of a row. */
export function isAggregateCall(name: string, args: Arguments): boolean {
  if (!aggregateFunctions.has(name)) return false;
  if (name !== 'min' && name !== 'max') return true;
  return args.list.filter((argument) => !isFilter(argument)).length < 2;
}

/** Binds an aggregate and adds it to the statement's list, unless an equal one is there already. */
export function bindAggregate(part: PathPart, binder: Binder): Bound {
  const name = part.name.toLowerCase() as AggregateFunction;
  if (binder.aggregates === undefined) {
    throw new Fault('EPL_AGGREGATION', `the aggregate ${name} cannot stand in ${binder.place}`, part);
  }
  const { distinct, list } = part.arguments!;
  for (const argument of list) {
    if (argument.kind !== 'named-argument' || isFilter(argument)) continue;
    if (/^group_by$/i.test(argument.name)) throw notSupported("'group_by:' of aggregates", argument);
    throw new Fault('EPL_VALUE', `${name} has no argument '${argument.name}:'`, argument, 'filter');
  }
  const positional = list.filter((argument) => !isFilter(argument));
  const [target, second, ...rest] = positional;
  if (target === undefined || rest.length > 0) {
    throw new Fault('EPL_VALUE', `${name} takes one argument and a filter`, part);
  }
  // Nested aggregates make no sense to compute; what stands inside is bound without them.
  const inner: Binder = { ...binder, aggregates: undefined, place: `the argument of ${name}` };
  const access = name === 'first' || name === 'last' || name === 'window';
  const argument = bindTarget(name, target, part, distinct, inner);
  let position = 0;
  let filterNode = list.find(isFilter);
  if (filterNode?.kind === 'named-argument') filterNode = filterNode.value;
  if (second !== undefined) {
    if (name === 'first' || name === 'last') {
      if (second.kind !== 'literal' || typeof second.value !== 'number' || second.value < 0) {
        throw notSupported(`a position of ${name} that is no constant`, second);
      }
      position = second.value;
    } else if (access || filterNode !== undefined) {
      throw new Fault('EPL_VALUE', `${name} takes one argument and a filter`, second);
    } else filterNode = second;
  }
  const filter = filterNode && bindCondition(filterNode, { ...inner, place: `the filter of ${name}` });
  if (access && distinct) throw new Fault('EPL_VALUE', `${name} has no 'distinct'`, part);
  const type = resultType(name, argument, target, part);
  const text = reprint({ kind: 'path', parts: [part], start: part.start, end: part.end });
  const aggregate: AggregatePlan = { function: name, type, distinct, argument, position, filter, text };
  // The text is how the aggregate was written; what it computes may be the same in other words.
  const identity = ({ text: _, ...computed }: AggregatePlan) => planKey(computed);
  const key = identity(aggregate);
  const known = binder.aggregates.findIndex((other) => identity(other) === key);
  const index = known >= 0 ? known : binder.aggregates.push(aggregate) - 1;
  return { kind: 'aggregate', type, index };
}

function bindTarget(
  name: string,
  node: Expression,
  part: PathPart,
  distinct: boolean,
  binder: Binder,
): Bound | undefined {
  if (node.kind !== 'wildcard') {
    const bound = bindExpression(node, binder);
    if (someNode(bound, ({ kind }) => kind === 'is-new')) throw notSupported('istream() in aggregates', node);
    return bound;
  }
  if (distinct)
    throw new Fault('EPL_AGGREGATION', `${name}(distinct *): '*' has no value to tell apart`, part);
  if (name === 'count' || name === 'countever') return undefined;
  if (name !== 'first' && name !== 'last' && name !== 'window') {
    throw new Fault('EPL_AGGREGATION', `${name} needs an expression instead of '*'`, node);
  }
  if (binder.scope.streams.length > 1) throw notSupported(`${name}(*) over a join`, part);
  const { type } = binder.scope.streams[0];
  return { kind: 'event', type: { kind: 'event', type }, stream: 0 };
}

function resultType(
  name: AggregateFunction,
  argument: Bound | undefined,
  node: Expression,
  part: PathPart,
): PropertyType {
  const type = argument?.type ?? 'null';
  const refuse = (needs: string) =>
    typeFault(
      `${name} needs ${needs}, but ${typed(reprint(node), type)} is none: ${name}(${reprint(node)})`,
      part,
    );
  switch (name) {
    case 'count':
    case 'countever':
      return 'long';
    case 'sum':
      if (!isNumeric(type)) throw refuse('numbers');
      return arithmeticType(type, 'int');
    case 'avg':
    case 'median':
    case 'stddev':
    case 'avedev':
      if (!isNumeric(type)) throw refuse('numbers');
      return 'double';
    case 'min':
    case 'max':
    case 'minever':
    case 'maxever':
      if (!isNumeric(type) && !isText(type)) throw refuse('numbers or strings');
      return type;
    case 'first':
    case 'last':
    case 'firstever':
    case 'lastever':
      return type;
    case 'window':
      if (printType(type) === 'null') throw refuse('a value');
      return { kind: 'array', element: type };
    default:
      return name satisfies never;
  }
}
