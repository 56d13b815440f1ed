import type { AssignmentProgram } from '../compile/assignment-program.ts';
import type { Environment, Subject } from '../compile/evaluator.ts';
import type { Variables } from './variable-store.ts';

/** Sets variables: each assignment sees those before it. */
export function assignVariables(
  assignments: readonly AssignmentProgram[],
  subject: Subject,
  variables: Variables,
  environment: Environment,
): void {
  for (const { name, index, property, value } of assignments) {
    const assigned = value(subject, null, environment);
    if (property !== undefined) {
      const event = variables.values.get(name) as object | null;
      // Rows that were given keep the event that they had.
      if (event !== null) variables.set(name, withProperty(event, property, assigned));
      continue;
    }
    if (index === undefined) {
      variables.set(name, assigned);
      continue;
    }
    const at = index(subject, null, environment);
    const array = variables.values.get(name);
    if (!Array.isArray(array) || at === null) continue;
    if (typeof at !== 'number' || at < 0 || at >= array.length)
      throw new RangeError(`'${name}' has ${array.length} elements, and none at ${String(at)}`);
    // Rows that were given keep the array that they had.
    variables.set(name, array.with(at, assigned));
  }
}

/** A copy of the event with another value. */
const withProperty = (event: object, property: string, value: unknown): object =>
  Object.assign(Object.create(Object.getPrototypeOf(event)), event, { [property]: value });
