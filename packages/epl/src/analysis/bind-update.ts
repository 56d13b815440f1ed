import { findAnnotation } from '../annotation.ts';
import type { UpdatePlan } from '../plan/plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Assignment } from '../syntax/statement.ts';
import type { UpdateStream } from '../syntax/update-stream.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { knownType } from './bind-schema.ts';
import type { Binder } from './binder.ts';
import { isAssignable } from './types.ts';
import type { UserLibrary } from './user-library.ts';

/** `update istream`. @throws Fault */
export function bindUpdate(
  node: UpdateStream,
  eventTypes: ReadonlyMap<string, EventType>,
  library: UserLibrary,
): UpdatePlan {
  const type = knownType(node.target, eventTypes);
  const name = node.alias?.name ?? type.name;
  const binder: Binder = {
    scope: { streams: [{ name, aliased: node.alias !== undefined, type }] },
    eventTypes,
    aggregates: undefined,
    subqueries: undefined,
    library,
    place: 'an update',
  };
  const assignments = node.assignments.map((assignment) => bindAssignment(assignment, name, type, binder));
  const where = node.where && bindCondition(node.where, binder);
  const priority = findAnnotation(node.annotations, 'Priority')?.value;
  return {
    kind: 'update-stream',
    type,
    assignments,
    where,
    priority: typeof priority === 'number' ? priority : 0,
    drop: findAnnotation(node.annotations, 'Drop') !== undefined,
  };
}

function bindAssignment(
  { target, value }: Assignment,
  stream: string,
  type: EventType,
  binder: Binder,
): UpdatePlan['assignments'][number] {
  const names = target.parts.map((part) => part.name);
  const whole = names.join('.');
  const property = type.property(whole);
  if (property === undefined && names[0] === stream && type.property(names.slice(1).join('.')) !== undefined)
    throw new Fault(
      'EPL_UNKNOWN_PROPERTY',
      `'${whole}' cannot be set: write the property without the name of the stream`,
      target,
      names.slice(1).join('.'),
    );
  if (property === undefined) {
    const close = closestName(
      whole,
      type.properties.map((other) => other.name),
    );
    throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown property '${whole}' of ${type.name}`, target, close);
  }
  const bound = bindExpression(value, binder);
  if (!isAssignable(bound.type, property.type)) {
    const types = `'${property.name}' of '${type.name}' is ${printType(property.type)}, not ${printType(bound.type)}`;
    throw new Fault('EPL_TYPE', `the column ${types}`, target);
  }
  return { name: property.name, value: bound };
}
