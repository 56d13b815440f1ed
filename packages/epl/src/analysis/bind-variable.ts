import type { SetPlan, VariablePlan } from '../plan/plan.ts';
import { createEventType } from '../runtime/event-type.ts';
import { printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { CreateVariable } from '../syntax/definition.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { OnSet, Trigger } from '../syntax/trigger.ts';
import { bindExpression } from './bind-expression.ts';
import { bindTriggerSource } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import { isAssignable, resolveType } from './types.ts';
import type { UserLibrary } from './user-library.ts';

type EventTypes = Binder['eventTypes'];

/** `create variable`. @throws Fault */
export function bindVariable(
  node: CreateVariable,
  eventTypes: EventTypes,
  library: UserLibrary,
): VariablePlan {
  const { name } = node.name;
  if (library.variables.has(name))
    throw new Fault('EPL_DUPLICATE_NAME', `the variable '${name}' exists already`, node.name);
  const type = resolveType(node.type, eventTypes);
  const scope = { streams: [] };
  const value =
    node.value &&
    bindExpression(node.value, {
      scope,
      eventTypes,
      aggregates: undefined,
      subqueries: undefined,
      library,
      place: 'the value of a variable',
    });
  if (value !== undefined && !isAssignable(value.type, type)) {
    const types = `'${name}' is ${printType(type)}, not ${printType(value.type)}`;
    throw new Fault('EPL_TYPE', `the variable ${types}`, node.value!);
  }
  if (value !== undefined && value.kind !== 'constant')
    throw notSupported('a variable whose first value is no constant', node.value!);
  const rowType = createEventType(name, [{ name, type }]);
  return {
    kind: 'create-variable',
    name,
    type,
    initial: value?.value ?? null,
    constant: node.constant,
    rowType,
  };
}

/** `on Event set …`. @throws Fault */
export function bindSet(node: Trigger, action: OnSet, eventTypes: EventTypes, library: UserLibrary): SetPlan {
  const { input, scope, subqueries } = bindTriggerSource(node, eventTypes, library);
  const assignments = action.assignments.map(({ target, value }) => {
    const [{ name, indexes }, ...rest] = target.parts;
    const variable = library.variables.get(name);
    if (variable === undefined) {
      const close = closestName(name, library.variables.keys());
      throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown variable '${name}'`, target, close);
    }
    if (rest.length > 0 || indexes !== undefined) throw notSupported('setting a part of a variable', target);
    if (variable.constant) throw new Fault('EPL_VALUE', `the variable '${name}' is constant`, target);
    const bound = bindExpression(value, {
      scope: { streams: [scope] },
      eventTypes,
      aggregates: undefined,
      subqueries,
      library,
      place: "'set'",
    });
    if (!isAssignable(bound.type, variable.type)) {
      const types = `'${name}' is ${printType(variable.type)}, not ${printType(bound.type)}`;
      throw new Fault('EPL_TYPE', `the variable ${types}`, value);
    }
    return { name, value: bound, type: variable.type };
  });
  const names = new Map(assignments.map(({ name, type }) => [name, type]));
  const rowType = createEventType(
    'set',
    [...names].map(([name, type]) => ({ name, type })),
  );
  return {
    kind: 'on-set',
    input,
    subqueries,
    assignments: assignments.map(({ name, value }) => ({ name, value })),
    rowType,
  };
}
