import type { SetPlan, VariableAssignment, VariablePlan } from '../plan/plan.ts';
import { createEventType } from '../runtime/event-type.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { CreateVariable } from '../syntax/definition.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type { Assignment } from '../syntax/statement.ts';
import type { OnSet, Trigger } from '../syntax/trigger.ts';
import { bindArrayIndex, elementType } from './bind-assignment.ts';
import { bindExpression } from './bind-expression.ts';
import { bindTriggerSource } from './bind-trigger.ts';
import type { Binder } from './binder.ts';
import { constantValue } from './constant-value.ts';
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
  const constant = value && constantValue(value);
  if (value !== undefined && constant === undefined) {
    const message = `the first value of the variable '${name}' must be known before it runs: set it with 'on … set'`;
    throw new Fault('EPL_VALUE', message, node.value!);
  }
  const rowType = createEventType(name, [{ name, type }]);
  return {
    kind: 'create-variable',
    name,
    type,
    initial: constant?.value ?? null,
    constant: node.constant,
    rowType,
  };
}

/** `on Event set …`. @throws Fault */
export function bindSet(node: Trigger, action: OnSet, eventTypes: EventTypes, library: UserLibrary): SetPlan {
  const { input, scope, subqueries } = bindTriggerSource(node, eventTypes, library);
  const binder: Binder = {
    scope: { streams: [scope] },
    eventTypes,
    aggregates: undefined,
    subqueries,
    library,
    place: "'set'",
  };
  const assignments = bindAssignments(action.assignments, binder, library);
  const names = new Map(
    assignments.map(({ name, property }) => {
      const { type } = library.variables.get(name)!;
      return property === undefined ? [name, type] : [`${name}.${property}`, memberType(type, property)!];
    }),
  );
  const rowType = createEventType(
    'set',
    [...names].map(([name, type]) => ({ name, type })),
  );
  return { kind: 'on-set', input, subqueries, assignments, rowType };
}

/** `a = 1, b[i] = 2`: of variables. @throws Fault */
export function bindAssignments(
  nodes: readonly Assignment[],
  binder: Binder,
  library: UserLibrary,
): readonly VariableAssignment[] {
  return nodes.map(({ target, value }) => {
    const [{ name, indexes }, member, ...rest] = target.parts;
    const variable = library.variables.get(name);
    if (variable === undefined) {
      const close = closestName(name, library.variables.keys());
      throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown variable '${name}'`, target, close);
    }
    if (rest.length > 0 || member?.indexes !== undefined || (member !== undefined && indexes !== undefined))
      throw notSupported('setting what lies deeper in a variable than one property', target);
    if (variable.constant) throw new Fault('EPL_VALUE', `the variable '${name}' is constant`, target);
    const { type } = variable;
    const bound = bindExpression(value, binder);
    if (member !== undefined) {
      const wanted = memberType(type, member.name);
      if (wanted === undefined) {
        const names = typeof type === 'string' || type.kind !== 'event' ? [] : type.type.properties;
        const close = closestName(
          member.name,
          names.map((property) => property.name),
        );
        const what = `the variable '${name}' (${printType(type)}) has no property '${member.name}'`;
        throw new Fault('EPL_UNKNOWN_PROPERTY', what, target, close);
      }
      if (!isAssignable(bound.type, wanted)) {
        const types = `${printType(wanted)}, not ${printType(bound.type)}`;
        throw new Fault('EPL_TYPE', `the property '${name}.${member.name}' is ${types}`, value);
      }
      return { name, property: member.name, value: bound };
    }
    const wanted = indexes === undefined ? type : elementType(type, name, target);
    if (!isAssignable(bound.type, wanted)) {
      const what = indexes === undefined ? `'${name}'` : `an element of '${name}'`;
      const types = `${what} is ${printType(wanted)}, not ${printType(bound.type)}`;
      throw new Fault('EPL_TYPE', `the variable ${types}`, value);
    }
    const index = indexes && bindArrayIndex(indexes, binder);
    return { name, ...(index && { index }), value: bound };
  });
}

/** The type of a property of the events that a variable holds. */
const memberType = (type: PropertyType, name: string): PropertyType | undefined =>
  typeof type === 'string' || type.kind !== 'event' ? undefined : type.type.property(name)?.type;
