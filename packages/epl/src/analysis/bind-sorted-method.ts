import type { Bound, BoundLambda } from '../plan/expression.ts';
import { rewrite } from '../plan/expression-walk.ts';
import type { AggregatePlan } from '../plan/plan.ts';
import { type SortedMethod, sortedMethod } from '../plan/sorted-method.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import type { PathPart } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { isAssignable, isComparable, typeFault } from './types.ts';

/** Binds a method of `sorted(key)`. Undefined where it is called on something else, or no such method has that name. */
export function bindSortedMethod(base: Bound, part: PathPart, binder: Binder): Bound | undefined {
  if (base.kind !== 'aggregate' && base.kind !== 'local-aggregate') return undefined;
  const plan = binder.aggregates?.[base.index];
  const method = sortedMethod(part.name);
  if (plan?.function !== 'sorted' || method === undefined) return undefined;
  const { lambda, key } = keyOf(plan, part, binder);
  const wanted = parametersOf(method, key);
  const { list } = part.arguments!;
  if (list.length !== wanted.length)
    throw new Fault('EPL_VALUE', `${method} takes ${wanted.length} arguments, not ${list.length}`, part);
  const args = list.map((node, i) => {
    const bound = bindExpression(node, binder);
    const fits =
      wanted[i] === 'boolean' ? isAssignable(bound.type, 'boolean') : isComparable(bound.type, key);
    if (fits) return bound;
    throw typeFault(`${method} takes ${printType(wanted[i])} here, not ${printType(bound.type)}`, node);
  });
  const descending: Bound = { kind: 'constant', type: 'boolean', value: plan.descending![0] };
  const none: Bound = { kind: 'array', type: base.type, elements: [] };
  const events: Bound = { kind: 'call', type: base.type, function: 'coalesce', arguments: [base, none] };
  return {
    kind: 'enumeration',
    method,
    type: resultOf(method, key, base.type),
    base: events,
    lambdas: [lambda],
    arguments: [descending, ...args],
  };
}

/** The sort key as a function of an event. */
function keyOf(
  plan: AggregatePlan,
  part: PathPart,
  binder: Binder,
): { lambda: BoundLambda; key: PropertyType } {
  const [event, key, second] = plan.argument?.kind === 'array' ? plan.argument.elements : [];
  if (second !== undefined) throw new Fault('EPL_VALUE', `${part.name} needs a 'sorted' of one key`, part);
  const level = binder.lambdaLevel ?? 0;
  const parameter: Bound = { kind: 'parameter', type: event.type, level, index: 0, name: 'event' };
  const body = rewrite(key, (node) => {
    if (node.kind === 'event') return parameter;
    return node.kind === 'property'
      ? { kind: 'member', type: node.type, base: parameter, name: node.name }
      : undefined;
  });
  return { lambda: { level, parameters: ['event'], body }, key: key.type };
}

function parametersOf(method: SortedMethod, key: PropertyType): readonly PropertyType[] {
  switch (method) {
    case 'submap':
    case 'eventsBetween':
      return [key, 'boolean', key, 'boolean'];
    case 'countEvents':
    case 'countKeys':
    case 'firstEvent':
    case 'firstEvents':
    case 'firstKey':
    case 'lastEvent':
    case 'lastEvents':
    case 'lastKey':
    case 'listReference':
    case 'navigableMapReference':
      return [];
    default:
      return [key];
  }
}

function resultOf(method: SortedMethod, key: PropertyType, events: PropertyType): PropertyType {
  switch (method) {
    case 'countEvents':
    case 'countKeys':
      return 'int';
    case 'containsKey':
      return 'boolean';
    case 'submap':
    case 'navigableMapReference':
      return 'map';
    default:
      if (method.endsWith('Key')) return key;
      if (method.endsWith('Event') && typeof events !== 'string' && events.kind === 'array')
        return events.element;
      return events;
  }
}
