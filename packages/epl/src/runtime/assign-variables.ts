import type { AssignmentProgram } from '../compile/assignment-program.ts';
import type { Environment, Subject } from '../compile/evaluator.ts';
import type { Variables } from './variable-store.ts';

/** Sets variables: each assignment sees those before it. Who listens hears of each variable once, of its last value. */
export function assignVariables(
  assignments: readonly AssignmentProgram[],
  subject: Subject,
  variables: Variables,
  environment: Environment,
): void {
  const before = new Map<string, unknown>();
  const set = (name: string, value: unknown): void => {
    if (!before.has(name)) before.set(name, variables.values.get(name));
    variables.set(name, value);
  };
  try {
    assignAll(assignments, subject, variables.values, set, environment);
  } finally {
    for (const [name, value] of before) variables.tell(name, value);
  }
}

function assignAll(
  assignments: readonly AssignmentProgram[],
  subject: Subject,
  values: Variables['values'],
  set: (name: string, value: unknown) => void,
  environment: Environment,
): void {
  for (const { name, index, property, value } of assignments) {
    const assigned = value(subject, null, environment);
    if (property !== undefined) {
      const event = values.get(name) as object | null;
      // Rows that were given keep the event that they had.
      if (event !== null) set(name, withProperty(event, property, assigned));
      continue;
    }
    if (index === undefined) {
      set(name, assigned);
      continue;
    }
    const at = index(subject, null, environment);
    const array = values.get(name);
    if (!Array.isArray(array) || at === null) continue;
    if (typeof at !== 'number' || at < 0 || at >= array.length)
      throw new RangeError(`'${name}' has ${array.length} elements, and none at ${String(at)}`);
    // Rows that were given keep the array that they had.
    set(name, array.with(at, assigned));
  }
}

/** A copy of the event with another value. */
const withProperty = (event: object, property: string, value: unknown): object =>
  Object.assign(Object.create(Object.getPrototypeOf(event)), event, { [property]: value });
