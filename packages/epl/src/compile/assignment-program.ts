import type { VariableAssignment } from '../plan/plan.ts';
import { compileExpression } from './compile-expression.ts';
import type { Evaluator } from './evaluator.ts';

/** An assignment to a variable, with its functions. */
export interface AssignmentProgram {
  readonly name: string;
  readonly index: Evaluator | undefined;
  readonly property: string | undefined;
  readonly value: Evaluator;
}

export const compileAssignments = (
  assignments: readonly VariableAssignment[],
): readonly AssignmentProgram[] =>
  assignments.map(({ name, index, property, value }) => ({
    name,
    property,
    index: index && compileExpression(index, false),
    value: compileExpression(value, false),
  }));
