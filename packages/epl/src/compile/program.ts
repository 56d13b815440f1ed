import type { InputPlan, SelectPlan } from '../plan/plan.ts';
import { windowType } from '../plan/window-plan.ts';
import type { EventType } from '../runtime/event-type.ts';
import { type WantedRows, wantedRows } from '../runtime/results/result-builder.ts';
import { type RowParts, RowWriter } from '../runtime/results/row-buffer.ts';
import { RowOutlet } from '../runtime/row-outlet.ts';
import { leavesInOrder } from '../runtime/windows/leaves-in-order.ts';
import { type AssignmentProgram, compileAssignments } from './assignment-program.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { type ContainedEvents, compileContained } from './contained-program.ts';
import { type CountProgram, compileCounts } from './count-program.ts';
import type { Condition, Evaluator } from './evaluator.ts';
import { compileGroupClass, type GroupClass } from './group-class.ts';
import { compileGroupTable, type GroupTableClass } from './group-table.ts';
import { compileLocals, type LocalProgram } from './local-program.ts';
import { compilePattern, type PatternProgram } from './pattern-program.ts';
import { compilePeriod, type PeriodProgram } from './period-program.ts';
import { compileRecognize, type RecognizeProgram } from './recognize-program.ts';
import { compileSelectRows, type RowMaker } from './row-maker.ts';
import { compileSubquery, type SubqueryProgram } from './subquery-program.ts';
import { compileWindow, type WindowProgram } from './window-program.ts';

/** A plan with its functions: immutable, shared by all instances of the statement. */
export interface Program {
  readonly plan: SelectPlan;
  readonly inputs: readonly InputProgram[];
  /** Of each input the type of the events that come out of its windows. */
  readonly streamTypes: readonly EventType[];
  readonly subqueries: readonly SubqueryProgram[];
  readonly where: Condition | undefined;
  readonly keys: readonly Evaluator[];
  readonly Group: GroupClass;
  readonly locals: readonly (LocalProgram | undefined)[];
  /** Undefined where nothing is grouped. */
  readonly GroupTable: GroupTableClass | undefined;
  /** Of a statement that retains counts. */
  readonly counts: CountProgram | undefined;
  readonly makeRow: RowMaker;
  /** Makes the rows, and hands them on: for all instances alike. */
  readonly writer: RowWriter;
  readonly outlet: RowOutlet;
  readonly wanted: WantedRows;
  readonly having: Condition | undefined;
  readonly orderBy: readonly Evaluator[];
  /** When rows are given, over the output's own numbers. */
  readonly outputCondition: Condition | undefined;
  /** The interval of an output rate that follows variables. */
  readonly outputPeriod: PeriodProgram | undefined;
  /** Whether rows are given at the end of the partition, over the output's own numbers. */
  readonly terminationCondition: Condition | undefined;
  /** Variables that are set when rows are given, over the output's own numbers; and at the end of the partition. */
  readonly outputAssignments: readonly AssignmentProgram[];
  readonly terminationAssignments: readonly AssignmentProgram[];
  readonly joinResidual: Condition | undefined;
  readonly evidence: number;
}

export interface InputProgram {
  readonly plan: InputPlan;
  readonly pattern: PatternProgram | undefined;
  readonly lateFilter: Condition | undefined;
  readonly contained: ContainedEvents | undefined;
  readonly window: WindowProgram | undefined;
  readonly recognize: RecognizeProgram | undefined;
}

/** Programs, as long as their plans live. They hold no state, so a module that is deployed again needs no new ones. */
const known = new WeakMap<SelectPlan, Program>();

/** The program of a plan. */
export function programOf(plan: SelectPlan): Program {
  let program = known.get(plan);
  if (program === undefined) {
    program = compileProgram(plan);
    known.set(plan, program);
  }
  return program;
}

function compileProgram(plan: SelectPlan): Program {
  const joined = plan.join !== undefined;
  const leaves = joined || (plan.inputs[0].window !== undefined && plan.retention !== 'counters');
  const residual = plan.join?.residual ?? [];
  const rows: RowParts = {
    plan,
    makeRow: compileSelectRows(plan),
    having: plan.having && compileCondition(plan.having, joined),
    orderBy: plan.orderBy.map(({ value }) => compileExpression(value, joined)),
    evidence: plan.evidence,
  };
  const Group = compileGroupClass(plan, leaves, joined, !joined && leavesInOrder(plan.inputs[0].window));
  return {
    ...rows,
    writer: new RowWriter(rows),
    outlet: new RowOutlet(plan),
    wanted: wantedRows(plan),
    inputs: plan.inputs.map((input) => ({
      plan: input,
      pattern: input.pattern && compilePattern(input.pattern, plan.evidence),
      lateFilter: input.lateFilter && compileCondition(input.lateFilter, false),
      contained: input.contained && compileContained(input.contained, plan.evidence > 0),
      window: input.window && compileWindow(input.window),
      recognize: input.recognize && compileRecognize(input.recognize, plan.evidence),
    })),
    streamTypes: plan.inputs.map(
      ({ window, type, contained, recognize }) =>
        recognize?.type ?? windowType(window, contained?.type ?? type),
    ),
    subqueries: plan.subqueries.map(compileSubquery),
    where: plan.where && compileCondition(plan.where, joined),
    keys: plan.groupBy.map((key) => compileExpression(key, joined)),
    Group,
    locals: compileLocals(plan.aggregates, leaves, joined),
    GroupTable: plan.groupBy.length === 0 ? undefined : compileGroupTable(plan, joined),
    counts: plan.retention === 'counts' ? compileCounts(plan.groupBy, Group) : undefined,
    outputCondition:
      plan.output?.trigger?.kind === 'when'
        ? compileCondition(plan.output.trigger.condition, false)
        : undefined,
    outputPeriod:
      plan.output?.trigger?.kind === 'time' && plan.output.trigger.parts !== undefined
        ? compilePeriod(plan.output.trigger.parts)
        : undefined,
    terminationCondition:
      plan.output?.termination?.condition && compileCondition(plan.output.termination.condition.test, false),
    outputAssignments:
      plan.output?.trigger?.kind === 'when' ? compileAssignments(plan.output.trigger.assignments) : [],
    terminationAssignments: compileAssignments(plan.output?.termination?.assignments ?? []),
    joinResidual:
      residual.length === 0
        ? undefined
        : compileCondition({ kind: 'and', type: 'boolean', operands: residual }, joined),
  };
}
