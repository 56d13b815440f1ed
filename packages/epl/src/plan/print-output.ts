import type { OutputAmount, OutputPlan } from './output-plan.ts';
import { printPeriod } from './period.ts';
import type { VariableAssignment } from './plan.ts';
import { printBound } from './print-expression.ts';

/** The output clause in one line. */
export function printOutput(plan: OutputPlan): string {
  const also = plan.termination !== undefined && plan.trigger?.kind !== 'at-end';
  return also ? `${printTrigger(plan)} and when the partition ends` : printTrigger(plan);
}

function printTrigger({ display, after, trigger }: OutputPlan): string {
  const begin = after === undefined ? '' : ` after ${printAmount(after)}`;
  const rows = display === 'every' ? 'output' : `output ${display}`;
  switch (trigger?.kind) {
    case undefined:
      return `${rows}${begin}`;
    case 'time':
    case 'events':
      return `${rows}${begin} every ${printAmount(trigger)}`;
    case 'when':
      return `${rows}${begin} when ${printBound(trigger.condition, [trigger.state.name], [])}${printAssignments(trigger.assignments)}`;
    case 'at':
      return `${rows}${begin} at the points of a crontab`;
    case 'at-end':
      return `${rows}${begin} when the partition ends`;
    default:
      return trigger satisfies never;
  }
}

const printAssignments = (assignments: readonly VariableAssignment[]): string =>
  assignments.map(({ name, value }) => `, then set ${name} = ${printBound(value, ['output'], [])}`).join('');

const printAmount = (amount: OutputAmount): string =>
  amount.kind === 'time' ? printPeriod(amount.period) : `${amount.count} events`;
