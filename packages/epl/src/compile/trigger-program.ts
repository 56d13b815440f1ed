import type {
  MergeActionPlan,
  MergeBranchPlan,
  RowAssignment,
  StoreTriggerPlan,
} from '../plan/trigger-plan.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Evaluator } from './evaluator.ts';
import { compileLookup, type LookupProgram } from './lookup-program.ts';
import { type Program, programOf } from './program.ts';
import { compileRowMaker, type RowMaker } from './row-maker.ts';

/** What a trigger does with the rows of a store, with its functions: these read the row, the event, the row before. */
export type StoreTriggerProgram =
  | {
      readonly kind: 'on-select';
      readonly lookup: LookupProgram;
      readonly select: Program;
      readonly andDelete: boolean;
    }
  | { readonly kind: 'on-delete'; readonly lookup: LookupProgram }
  | {
      readonly kind: 'on-update';
      readonly lookup: LookupProgram;
      readonly assignments: readonly AssignmentProgram[];
    }
  | {
      readonly kind: 'on-merge';
      /** Undefined where nothing is looked up. */
      readonly lookup: LookupProgram | undefined;
      readonly matched: readonly BranchProgram[];
      readonly unmatched: readonly BranchProgram[];
      readonly evidence: number;
    };

export interface AssignmentProgram {
  readonly column: string;
  readonly index: Evaluator | undefined;
  readonly value: Evaluator;
}

export interface BranchProgram {
  readonly condition: Condition | undefined;
  readonly actions: readonly ActionProgram[];
}

export type ActionProgram = { readonly where: Condition | undefined } & (
  | { readonly kind: 'insert'; readonly target: string; readonly own: boolean; readonly makeRow: RowMaker }
  | { readonly kind: 'update'; readonly assignments: readonly AssignmentProgram[] }
  | { readonly kind: 'delete' }
);

export function compileStoreTrigger(plan: StoreTriggerPlan): StoreTriggerProgram {
  const { kind } = plan;
  const lookup = compileLookup(plan.lookup);
  switch (kind) {
    case 'on-select':
      return { kind, lookup, select: programOf(plan.select), andDelete: plan.andDelete };
    case 'on-delete':
      return { kind, lookup };
    case 'on-update':
      return { kind, lookup, assignments: compileAssignments(plan.assignments) };
    case 'on-merge': {
      const branches = (matched: boolean) =>
        plan.branches.filter((branch) => branch.matched === matched).map(compileBranch);
      return {
        kind,
        lookup: plan.insertsOnly ? undefined : lookup,
        matched: branches(true),
        unmatched: branches(false),
        evidence: plan.evidence,
      };
    }
    default:
      return plan satisfies never;
  }
}

export const compileAssignments = (assignments: readonly RowAssignment[]): readonly AssignmentProgram[] =>
  assignments.map(({ column, index, value }) => ({
    column,
    index: index && compileExpression(index, true),
    value: compileExpression(value, true),
  }));

const compileBranch = ({ condition, actions }: MergeBranchPlan): BranchProgram => ({
  condition: condition && compileCondition(condition, true),
  actions: actions.map(compileAction),
});

function compileAction(action: MergeActionPlan): ActionProgram {
  const where = action.where && compileCondition(action.where, true);
  switch (action.kind) {
    case 'insert': {
      const { own, type, columns } = action;
      return { kind: 'insert', where, target: type.name, own, makeRow: compileRowMaker(columns, type, true) };
    }
    case 'update':
      return { kind: 'update', where, assignments: compileAssignments(action.assignments) };
    case 'delete':
      return { kind: 'delete', where };
    default:
      return action satisfies never;
  }
}
