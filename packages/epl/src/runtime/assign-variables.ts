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
  for (const { name, index, value } of assignments) {
    const assigned = value(subject, null, environment);
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
