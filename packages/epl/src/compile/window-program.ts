import type { Bound } from '../plan/expression.ts';
import type { ExpressionWindowPlan, WindowPlan } from '../plan/window-plan.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { type ContainedEvents, compileContained } from './contained-program.ts';
import type { Condition, Evaluator } from './evaluator.ts';
import { compileGroupClass, type GroupClass } from './group-class.ts';

/** A window's plan with its functions. */
export interface WindowProgram {
  readonly plan: WindowPlan;
  /** Keys, timestamp or arguments, over one event. */
  readonly keys: readonly Evaluator[];
  /** Sort keys, or the extra columns of a derived event. */
  readonly order: readonly Evaluator[];
  /** The windows that this one is put together of. */
  readonly parts: readonly WindowProgram[];
  /** Of an expression window. */
  readonly expiry: ExpiryProgram | undefined;
  /** Of a named window: what stands in the place of each row. */
  readonly contained: ContainedEvents | undefined;
}

/** Over the pair of an event and of the window's state. */
export interface ExpiryProgram {
  readonly condition: Condition;
  readonly Group: GroupClass;
}

const evaluators = (values: readonly Bound[]): readonly Evaluator[] =>
  values.map((value) => compileExpression(value, false));

export function compileWindow(plan: WindowPlan): WindowProgram {
  const none: readonly never[] = [];
  const program = { plan, keys: none, order: none, parts: none, expiry: undefined, contained: undefined };
  switch (plan.kind) {
    case 'ext_timed':
    case 'ext_timed_batch':
    case 'time_order':
      return { ...program, keys: evaluators([plan.timestamp]) };
    case 'timetolive':
      return { ...program, keys: evaluators([plan.deadline]) };
    case 'unique':
    case 'firstunique':
      return { ...program, keys: evaluators(plan.keys) };
    case 'sort':
      return { ...program, order: evaluators(plan.order.map(({ value }) => value)) };
    case 'rank':
      return {
        ...program,
        keys: evaluators(plan.keys),
        order: evaluators(plan.order.map(({ value }) => value)),
      };
    case 'expr':
    case 'expr_batch':
      return { ...program, expiry: compileExpiry(plan) };
    case 'intersection':
    case 'union':
      return { ...program, parts: plan.windows.map(compileWindow) };
    case 'groupwin':
      return { ...program, keys: evaluators(plan.keys), parts: [compileWindow(plan.window)] };
    case 'derived':
      return {
        ...program,
        keys: evaluators(plan.arguments),
        order: evaluators(plan.extras.map(({ value }) => value)),
        parts: plan.window === undefined ? none : [compileWindow(plan.window)],
      };
    case 'named-window':
      return {
        ...program,
        keys: evaluators(plan.filter === undefined ? [] : [plan.filter]),
        contained: plan.contained && compileContained(plan.contained, true),
      };
    case 'table':
    case 'length':
    case 'length_batch':
    case 'time':
    case 'time_batch':
    case 'time_length_batch':
    case 'time_accum':
    case 'keepall':
    case 'firstlength':
    case 'firsttime':
    case 'firstevent':
    case 'lastevent':
      return program;
    default:
      return plan satisfies never;
  }
}

function compileExpiry({ condition, aggregates }: ExpressionWindowPlan): ExpiryProgram {
  return {
    condition: compileCondition(condition, true),
    Group: compileGroupClass({ aggregates, groupBy: [], evidence: 0 }, true, true),
  };
}
