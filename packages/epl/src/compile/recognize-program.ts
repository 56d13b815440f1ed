import type { RecognizePlan, RowPosition } from '../plan/recognize-plan.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import type { Condition, Evaluator } from './evaluator.ts';
import { compileGroupClass, type GroupClass } from './group-class.ts';
import { compileRowMaker, type RowMaker } from './row-maker.ts';

/** A match_recognize with its functions: immutable, shared by all instances of the statement. */
export interface RecognizeProgram {
  readonly plan: RecognizePlan;
  readonly partitionBy: readonly Evaluator[];
  /** Of each variable; undefined where every row fits. */
  readonly defines: readonly (Condition | undefined)[];
  readonly positions: readonly RowPosition[];
  readonly makeRow: RowMaker;
  /** The variables that measures aggregate over, each with its aggregates. */
  readonly aggregated: readonly { readonly variable: number; readonly Group: GroupClass }[];
  /** Of each aggregate of the measures its place among {@link aggregated}, and in the group there. */
  readonly places: readonly { readonly group: number; readonly index: number }[];
  /** Base events that a match carries as evidence, at most. */
  readonly evidence: number;
}

export function compileRecognize(plan: RecognizePlan, evidence: number): RecognizeProgram {
  const variables = [...new Set(plan.aggregates.map(({ variable }) => variable))];
  const lists = variables.map((variable) => plan.aggregates.filter((one) => one.variable === variable));
  return {
    plan,
    partitionBy: plan.partitionBy.map((key) => compileExpression(key, false)),
    defines: plan.variables.map(({ define, readsMatch }) => define && compileCondition(define, readsMatch)),
    positions: plan.automaton.positions,
    makeRow: compileRowMaker(plan.measures, plan.type, false),
    aggregated: lists.map((list, i) => ({
      variable: variables[i],
      Group: compileGroupClass(
        { aggregates: list.map(({ aggregate }) => aggregate), groupBy: [], evidence: 0 },
        false,
        false,
      ),
    })),
    places: plan.aggregates.map((one) => {
      const group = variables.indexOf(one.variable);
      return { group, index: lists[group].indexOf(one) };
    }),
    evidence,
  };
}
