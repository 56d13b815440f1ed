import type { Bound } from '../plan/expression.ts';
import type { StorePlan } from '../plan/store-plan.ts';
import type { RowAssignment } from '../plan/trigger-plan.ts';
import { type PropertyType, printType } from '../runtime/property-type.ts';
import { closestName } from '../syntax/closest-name.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Assignment } from '../syntax/statement.ts';
import { bindExpression } from './bind-expression.ts';
import { widened } from './bind-insert.ts';
import type { Binder } from './binder.ts';
import type { ScopeStream } from './scope.ts';
import { isAssignable, isInteger, typeFault } from './types.ts';

/** The assignments of an update of a store's row; its expressions also see the row before it as `initial`. @throws Fault */
export function bindRowAssignments(
  assignments: readonly Assignment[],
  store: StorePlan,
  target: ScopeStream,
  binder: Binder,
): readonly RowAssignment[] {
  const { streams } = binder.scope;
  const trigger = streams[1] ?? absentTrigger(target);
  const initial: ScopeStream = { ...target, name: 'initial', qualified: true };
  const scope = { streams: [streams[0], trigger, initial] };
  return assignments.map((assignment) => bindOne(assignment, store, target, { ...binder, scope }));
}

/** In a query nothing triggers: the place stays empty. */
const absentTrigger = (target: ScopeStream): ScopeStream => ({ ...target, name: '', qualified: true });

function bindOne(
  { target, value }: Assignment,
  store: StorePlan,
  stream: ScopeStream,
  binder: Binder,
): RowAssignment {
  const names = target.parts.map((part) => part.name);
  const whole = names.join('.');
  const rest = names[0] === stream.name ? names.slice(1).join('.') : '';
  const { type } = store;
  const property = type.property(whole) ?? type.property(rest);
  if (property === undefined) {
    const close = closestName(
      whole,
      type.properties.map(({ name }) => name),
    );
    throw new Fault('EPL_UNKNOWN_PROPERTY', `unknown column '${whole}' of '${store.name}'`, target, close);
  }
  const { name: column } = property;
  if (
    store.kind === 'create-table' &&
    store.columns.some(({ name, aggregate }) => name === column && aggregate)
  ) {
    const message = `'${column}' of the table '${store.name}' holds an aggregation, which 'into table' statements feed: it cannot be set`;
    throw new Fault('EPL_VALUE', message, target);
  }
  const indexes = target.parts.at(-1)!.indexes;
  const bound = bindExpression(value, binder);
  const wanted = indexes === undefined ? property.type : elementType(property.type, column, target);
  if (!isAssignable(bound.type, wanted)) {
    const types = `'${column}' of '${store.name}' is ${printType(wanted)}, not ${printType(bound.type)}`;
    throw new Fault('EPL_TYPE', `the column ${types}`, target);
  }
  if (indexes === undefined) return { column, index: undefined, value: widened(bound, wanted) };
  return { column, index: bindArrayIndex(indexes, binder), value: widened(bound, wanted) };
}

/** The `i` of `a[i] = …`. @throws Fault */
export function bindArrayIndex([node, second]: readonly Expression[], binder: Binder): Bound {
  if (second !== undefined) throw typeFault('an array has one index', second);
  const index = bindExpression(node, binder);
  if (isInteger(index.type)) return index;
  throw typeFault('the index of an array must be an integer', node);
}

export function elementType(type: PropertyType, column: string, target: Assignment['target']): PropertyType {
  if (typeof type !== 'string' && type.kind === 'array') return type.element;
  throw typeFault(`'${column}' (${printType(type)}) is no array and has no elements`, target);
}
