import type { Bound } from '../plan/expression.ts';
import type { OutputAmount, OutputPlan, OutputTermination } from '../plan/output-plan.ts';
import { createEventType, type EventType } from '../runtime/event-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault, notSupported } from '../syntax/fault.ts';
import type {
  OutputRate,
  OutputTermination as OutputTerminationNode,
  OutputTiming,
} from '../syntax/output-rate.ts';
import { bindCondition } from './bind-expression.ts';
import { bindSchedule } from './bind-schedule.ts';
import type { Binder } from './binder.ts';
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
  // It would have to follow the variable, which sizes do not.
  if (events && amount.kind === 'path') throw notSupported('a variable number of events', amount);
  return events
    ? { kind: 'events', count: bindSize(amount, owner, binder) }
    : { kind: 'time', period: bindPeriod(amount, owner, binder) };
}

function bindTrigger(rate: OutputTiming, binder: Binder): OutputPlan['trigger'] {
  switch (rate.kind) {
    case 'every':
      return bindAmount(rate.amount, rate.events, binder);
    case 'at':
      return { kind: 'at', schedule: bindSchedule(rate.fields, rate, binder) };
    case 'when': {
      const [assignment] = rate.assignments;
      if (assignment !== undefined) throw notSupported("'then set'", assignment);
      const { test, state } = bindStateCondition(rate.condition, binder);
      return { kind: 'when', condition: test, state };
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
  const [assignment] = node.assignments;
  if (assignment !== undefined) throw notSupported("'then set'", assignment);
  return { condition: node.condition && bindStateCondition(node.condition, binder) };
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
