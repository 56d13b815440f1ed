import type { Bound } from '../plan/expression.ts';
import { variablesOf } from '../plan/expression-walk.ts';
import type { OutputAmount, OutputPlan, OutputTermination } from '../plan/output-plan.ts';
import type { DurationPart } from '../plan/pattern-plan.ts';
import type { VariableAssignment } from '../plan/plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type {
  OutputRate,
  OutputTermination as OutputTerminationNode,
  OutputTiming,
} from '../syntax/output-rate.ts';
import type { Assignment } from '../syntax/statement.ts';
import { bindCondition, bindExpression } from './bind-expression.ts';
import { bindSchedule } from './bind-schedule.ts';
import { bindAssignments } from './bind-variable.ts';
import type { Binder } from './binder.ts';
import { isInteger } from './types.ts';
import { bindPeriod, bindSize } from './window-parameters.ts';

/** Binds the output clause; undefined where it changes nothing. It sees no events, only the output's own numbers. */
export function bindOutput(node: OutputRate, binder: Binder): OutputPlan | undefined {
  const after = node.after && bindAmount(node.after.amount, node.after.events, binder);
  const trigger = node.rate && bindTrigger(node.rate, binder);
  const ending = node.rate?.kind === 'when-terminated' ? node.rate : node.termination;
  const termination = ending && bindTermination(ending, binder);
  if (after === undefined && trigger === undefined) return undefined;
  const display = trigger === undefined ? 'every' : (node.display ?? 'every');
  return { display, after, trigger, termination };
}

const owner = "the 'output' clause";

function bindAmount(amount: Expression, events: boolean, binder: Binder): OutputAmount {
  const bound = events && amount.kind === 'path' ? bindExpression(amount, binder) : undefined;
  if (bound?.kind === 'variable' && isInteger(bound.type)) return { kind: 'events', count: bound.name };
  return events
    ? { kind: 'events', count: bindSize(amount, owner, binder) }
    : { kind: 'time', period: bindPeriod(amount, owner, binder), parts: variableParts(amount, binder) };
}

/** The parts of a time in which variables stand; undefined where there are none. */
function variableParts(amount: Expression, binder: Binder): readonly DurationPart[] | undefined {
  const written = amount.kind === 'time-period' ? amount.parts : [{ unit: 'second' as const, value: amount }];
  const parts = written.map(({ unit, value }) => ({ unit, value: bindExpression(value, binder) }));
  return parts.some(({ value }) => variablesOf(value).length > 0) ? parts : undefined;
}

function bindTrigger(rate: OutputTiming, binder: Binder): OutputPlan['trigger'] {
  switch (rate.kind) {
    case 'every':
      return bindAmount(rate.amount, rate.events, binder);
    case 'at':
      return { kind: 'at', schedule: bindSchedule(rate.fields, rate, binder) };
    case 'when': {
      const { test, state } = bindStateCondition(rate.condition, binder);
      const assignments = bindThen(rate.assignments, state, binder);
      return { kind: 'when', condition: test, state, variables: variablesOf(test), assignments };
    }
    case 'when-terminated':
      return { kind: 'at-end' };
    default:
      return rate satisfies never;
  }
}

/** `when terminated [and …]`: only in a context. */
function bindTermination(node: OutputTerminationNode, binder: Binder): OutputTermination {
  if (binder.library?.context === undefined) {
    const message = "'when terminated' needs a context whose partitions end";
    throw new Fault('EPL_VALUE', message, node);
  }
  return {
    condition: node.condition && bindStateCondition(node.condition, binder),
    assignments: bindThen(node.assignments, undefined, binder),
  };
}

/** `then set …`: variables that are set when rows are given. */
function bindThen(
  nodes: readonly Assignment[],
  state: EventType | undefined,
  binder: Binder,
): readonly VariableAssignment[] {
  const { library } = binder;
  if (nodes.length === 0 || library === undefined) return [];
  const streams = state === undefined ? [] : [{ name: state.name, aliased: false, type: state }];
  return bindAssignments(nodes, { ...binder, scope: { streams }, aggregates: undefined }, library);
}

/** A condition over the output's own numbers. */
function bindStateCondition(
  node: Expression,
  binder: Binder,
): { readonly test: Bound; readonly state: EventType } {
  const state = createEventType('output', [
    { name: 'count_insert', type: 'int' },
    { name: 'count_insert_total', type: 'int' },
    { name: 'count_remove', type: 'int' },
    { name: 'count_remove_total', type: 'int' },
    { name: 'last_output_timestamp', type: 'long' },
  ]);
  const scope = { streams: [{ name: state.name, aliased: false, type: state }] };
  return { test: bindCondition(node, { ...binder, scope }), state };
}
