import type { Bound } from '../plan/expression.ts';
import { someNode } from '../plan/expression-walk.ts';
import type { AggregateFunction, AggregatePlan } from '../plan/plan.ts';
import { planKey } from '../plan/plan-key.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { filteredAggregates, plainAggregates, specialAggregates } from '../syntax/aggregate-names.ts';
import type { Arguments, Expression, PathPart } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import { reprint } from '../syntax/reprint.ts';
import type { AggregationDefinition } from '../user-definitions.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { readsOuterLambda } from './bind-lambda.ts';
import { bindSpecial } from './bind-special-aggregate.ts';
import { bindWildcard } from './bind-wildcard.ts';
import type { Binder } from './binder.ts';
import { keyValue } from './key-value.ts';
import { arithmeticType, isNumeric, isText, typed, typeFault } from './types.ts';
import { checkArguments } from './user-library.ts';

const aggregateFunctions: ReadonlySet<string> = new Set(plainAggregates);

const specialFunctions: ReadonlySet<string> = new Set(specialAggregates);

const filtered: Readonly<Record<string, AggregateFunction>> = filteredAggregates;

const isFilter = (argument: Expression): boolean =>
  argument.kind === 'named-argument' && argument.name.toLowerCase() === 'filter';

/** `min` and `max` of several values are functions of a row. */
export function isAggregateCall(name: string, args: Arguments): boolean {
  if (specialFunctions.has(name) || Object.hasOwn(filtered, name)) return true;
  if (!aggregateFunctions.has(name)) return false;
  if (name !== 'min' && name !== 'max') return true;
  return args.list.filter((argument) => !isFilter(argument)).length < 2;
}

/** Binds an aggregate and adds it to the statement's list, unless an equal one is there already. */
export function bindAggregate(part: PathPart, binder: Binder): Bound {
  const written = part.name.toLowerCase();
  const name = filtered[written] ?? (written as AggregateFunction);
  if (binder.aggregates === undefined) {
    throw new Fault('EPL_AGGREGATION', `the aggregate ${written} cannot stand in ${binder.place}`, part);
  }
  const { distinct, list } = part.arguments!;
  for (const argument of list) {
    if (argument.kind !== 'named-argument' || isFilter(argument)) continue;
    if (/^group_by$/i.test(argument.name)) continue;
    throw new Fault('EPL_VALUE', `${name} has no argument '${argument.name}:'`, argument, 'filter');
  }
  const positional = list.filter(({ kind }) => kind !== 'named-argument');
  const scope = binder.aggregateScope ?? binder.scope;
  const inner: Binder = { ...binder, scope, aggregates: undefined, place: `the argument of ${written}` };
  const local = localKeys(list, inner);
  let filterNode = list.find(isFilter);
  if (filterNode?.kind === 'named-argument') filterNode = filterNode.value;
  if (specialFunctions.has(name)) {
    if (distinct) throw new Fault('EPL_VALUE', `${name} has no 'distinct'`, part);
    const filter = filterNode && bindCondition(filterNode, { ...inner, place: `the filter of ${name}` });
    const special = bindSpecial(name, positional, part, inner);
    return addAggregate({ ...special, distinct, filter, ...local }, part, binder);
  }
  const [target, second, ...rest] = positional;
  if (target === undefined || rest.length > 0) {
    throw new Fault('EPL_VALUE', `${name} takes one argument and a filter`, part);
  }
  if (name === 'nth' && second === undefined)
    throw new Fault('EPL_VALUE', 'nth takes a value and a position', part);
  // Nested aggregates make no sense to compute; what stands inside is bound without them.
  const access = name === 'first' || name === 'last' || name === 'window';
  const argument = bindTarget(name, target, part, distinct, inner);
  let position = 0;
  if (second !== undefined) {
    if (name === 'first' || name === 'last' || name === 'nth') {
      if (second.kind !== 'literal' || !Number.isInteger(second.value) || Number(second.value) < 0) {
        throw new Fault(
          'EPL_VALUE',
          `the position of ${name} must be a constant integer of 0 or more`,
          second,
        );
      }
      position = Number(second.value);
    } else if (access || filterNode !== undefined) {
      throw new Fault('EPL_VALUE', `${name} takes one argument and a filter`, second);
    } else filterNode = second;
  }
  const filter = filterNode && bindCondition(filterNode, { ...inner, place: `the filter of ${name}` });
  if (access && distinct) throw new Fault('EPL_VALUE', `${name} has no 'distinct'`, part);
  const type = resultType(name, argument, target, part);
  return addAggregate({ function: name, type, distinct, argument, position, filter, ...local }, part, binder);
}

/** An aggregation that the program registered. */
export function bindUserAggregate(definition: AggregationDefinition, part: PathPart, binder: Binder): Bound {
  const { name } = definition;
  if (binder.aggregates === undefined)
    throw new Fault('EPL_AGGREGATION', `the aggregate ${name} cannot stand in ${binder.place}`, part);
  const { distinct, list } = part.arguments!;
  const inner: Binder = { ...binder, aggregates: undefined, place: `the argument of ${name}` };
  if (distinct) throw new Fault('EPL_VALUE', `${name} has no 'distinct'`, part);
  const elements = list
    .filter(({ kind }) => kind !== 'named-argument')
    .map((argument) => bindExpression(argument, inner));
  checkArguments(definition, elements, part);
  const named = list.find(isFilter);
  const filter =
    named?.kind === 'named-argument'
      ? bindCondition(named.value, { ...inner, place: `the filter of ${name}` })
      : undefined;
  const argument: Bound = { kind: 'array', type: { kind: 'array', element: 'object' }, elements };
  const { result: type } = definition;
  const local = localKeys(list, inner);
  return addAggregate(
    { function: 'user', type, distinct, argument, position: 0, filter, definition, ...local },
    part,
    binder,
  );
}

/** The keys behind `group_by:`. */
function localKeys(list: readonly Expression[], binder: Binder): { groupBy?: readonly Bound[] } {
  for (const argument of list) {
    if (argument.kind !== 'named-argument' || !/^group_by$/i.test(argument.name)) continue;
    const { value } = argument;
    if (binder.groupKeys !== undefined) throw notSupported("'group_by:' of aggregates in a rollup", argument);
    const nodes = value.kind === 'tuple' ? value.elements : [value];
    return { groupBy: nodes.map((node) => keyValue(bindExpression(node, binder))) };
  }
  return {};
}

/** Adds the aggregate to the statement's list, unless an equal one is there already. */
function addAggregate(plan: Omit<AggregatePlan, 'text'>, part: PathPart, binder: Binder): Bound {
  const text = reprint({ kind: 'path', parts: [part], start: part.start, end: part.end });
  const aggregate: AggregatePlan = { ...plan, text };
  const { type, groupBy, argument, filter } = plan;
  const read = [argument, filter, ...(groupBy ?? [])];
  if (read.some((bound) => bound && readsOuterLambda(bound, binder.lambdaLevel ?? 0))) {
    const message = `${text}: an aggregate is over events and cannot read the parameter of a lambda`;
    throw new Fault('EPL_AGGREGATION', message, part);
  }
  const aggregates = binder.aggregates!;
  // The text is how the aggregate was written; what it computes may be the same in other words.
  const identity = ({ text: _, ...computed }: AggregatePlan) => planKey(computed);
  const key = identity(aggregate);
  const known = aggregates.findIndex((other) => identity(other) === key);
  const index = known >= 0 ? known : aggregates.push(aggregate) - 1;
  if (groupBy !== undefined) return { kind: 'local-aggregate', type, index, keys: groupBy };
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
    return distinct && name === 'count' ? keyValue(bound) : bound;
  }
  if (distinct)
    throw new Fault('EPL_AGGREGATION', `${name}(distinct *): '*' has no value to tell apart`, part);
  if (name === 'count' || name === 'countever') return undefined;
  if (name !== 'first' && name !== 'last' && name !== 'window') {
    throw new Fault('EPL_AGGREGATION', `${name} needs an expression instead of '*'`, node);
  }
  return bindWildcard(node, name, binder);
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
      if (!isNumeric(type) && !isText(type) && type !== 'boolean')
        throw refuse('numbers, strings or booleans');
      return type;
    case 'first':
    case 'last':
    case 'nth':
    case 'firstever':
    case 'lastever':
      return type;
    case 'window':
      if (printType(type) === 'null') throw refuse('a value');
      return { kind: 'array', element: type };
    case 'rate':
    case 'rate-of-window':
      return 'double';
    case 'leaving':
      return 'boolean';
    case 'sorted':
    case 'maxby':
    case 'minby':
    case 'maxbyever':
    case 'minbyever':
    case 'user':
      return type;
    default:
      return name satisfies never;
  }
}
