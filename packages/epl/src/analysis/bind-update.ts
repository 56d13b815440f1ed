import { findAnnotation } from '../annotation.ts';
import type { UpdateAssignment, UpdatePlan } from '../plan/plan.ts';
import type { SubqueryPlan } from '../plan/subquery-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import { Fault } from '../syntax/fault.ts';
import type { Assignment } from '../syntax/statement.ts';
import type { UpdateStream } from '../syntax/update-stream.ts';
import { bindArrayIndex, elementType } from './bind-assignment.ts';
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
  const subqueries: SubqueryPlan[] = [];
  const binder: Binder = {
    scope: { streams: [{ name, aliased: node.alias !== undefined, type }] },
    eventTypes,
    aggregates: undefined,
    subqueries,
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
    subqueries,
    priority: typeof priority === 'number' ? priority : 0,
    drop: findAnnotation(node.annotations, 'Drop') !== undefined,
  };
}

function bindAssignment(
  { target, value }: Assignment,
  stream: string,
  type: EventType,
  binder: Binder,
): UpdateAssignment {
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
  const indexes = target.parts.at(-1)!.indexes;
  const bound = bindExpression(value, binder);
  const wanted = indexes === undefined ? property.type : elementType(property.type, property.name, target);
  if (!isAssignable(bound.type, wanted)) {
    const types = `'${property.name}' of '${type.name}' is ${printType(wanted)}, not ${printType(bound.type)}`;
    throw new Fault('EPL_TYPE', `the column ${types}`, target);
  }
  const index = indexes && bindArrayIndex(indexes, binder);
  return { name: property.name, index, value: bound };
}
