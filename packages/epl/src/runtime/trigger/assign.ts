import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { AssignmentProgram } from '../../compile/trigger-program.ts';
import type { Draft } from '../store/row-store.ts';
import type { StoreTuple } from '../store/store-lookup.ts';

/** Runs the assignments on the row in the making, which is the first of the tuple: each sees those before it. */
export function assign(
  assignments: readonly AssignmentProgram[],
  draft: Draft,
  tuple: StoreTuple,
  environment: Environment,
): void {
  const subject = tuple as unknown as Subject;
  for (const { column, index, value } of assignments) {
    if (index === undefined) {
      draft[column] = value(subject, null, environment);
      continue;
    }
    const at = index(subject, null, environment);
    const array = draft[column];
    if (!Array.isArray(array)) continue;
    if (typeof at !== 'number' || at < 0 || at >= array.length)
      throw new RangeError(`'${column}' has ${array.length} elements, and none at ${String(at)}`);
    // The array may belong to other rows, too.
    draft[column] = array.with(at, value(subject, null, environment));
  }
}
