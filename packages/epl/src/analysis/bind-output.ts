import type { OutputAmount, OutputPlan } from '../plan/output-plan.ts';
import { createEventType } from '../runtime/event-type.ts';
import type { Expression } from '../syntax/expression.ts';
import { notSupported } from '../syntax/fault.ts';
import type { OutputRate, OutputTiming } from '../syntax/output-rate.ts';
import { bindCondition } from './bind-expression.ts';
import { bindSchedule } from './bind-schedule.ts';
import type { Binder } from './binder.ts';
import { bindPeriod, bindSize } from './window-parameters.ts';

/** Binds the output clause; undefined where it changes nothing. It sees no events, only the output's own numbers. */
export function bindOutput(node: OutputRate, binder: Binder): OutputPlan | undefined {
  if (node.termination !== undefined) throw notSupported("'when terminated'", node.termination);
  const after = node.after && bindAmount(node.after.amount, node.after.events, binder);
  const trigger = node.rate && bindTrigger(node.rate, binder);
  if (after === undefined && trigger === undefined) return undefined;
  return { display: trigger === undefined ? 'every' : (node.display ?? 'every'), after, trigger };
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
      const state = createEventType('output', [
        { name: 'count_insert', type: 'int' },
        { name: 'count_insert_total', type: 'int' },
        { name: 'count_remove', type: 'int' },
        { name: 'count_remove_total', type: 'int' },
        { name: 'last_output_timestamp', type: 'long' },
      ]);
      const scope = { streams: [{ name: state.name, aliased: false, type: state }] };
      return { kind: 'when', condition: bindCondition(rate.condition, { ...binder, scope }), state };
    }
    case 'when-terminated':
      throw notSupported("'when terminated'", rate);
    default:
      return rate satisfies never;
  }
}
