import type { OutputRate, OutputTermination, OutputTiming } from '../output-rate.ts';
import type { Assignment } from '../statement.ts';
import { printCron } from './cron.ts';
import { printExpression } from './expression.ts';
import { joinWords } from './name.ts';

export function printOutputRate({ after, display, rate, termination }: OutputRate): string {
  return joinWords(
    'output',
    after && joinWords('after', printExpression(after.amount), after.events && 'events'),
    display,
    rate && printTiming(rate),
    termination && `and ${printTermination(termination)}`,
  );
}

function printTiming(rate: OutputTiming): string {
  switch (rate.kind) {
    case 'every':
      return joinWords('every', printExpression(rate.amount), rate.events && 'events');
    case 'at':
      return `at ${printCron(rate.fields)}`;
    case 'when':
      return joinWords('when', printExpression(rate.condition), printThen(rate.assignments));
    case 'when-terminated':
      return printTermination(rate);
    default:
      return rate satisfies never;
  }
}

const printTermination = ({ condition, assignments }: OutputTermination): string =>
  joinWords('when terminated', condition && `and ${printExpression(condition)}`, printThen(assignments));

const printThen = (assignments: readonly Assignment[]): string =>
  assignments.length === 0 ? '' : `then set ${printAssignments(assignments)}`;

export const printAssignments = (assignments: readonly Assignment[]): string =>
  assignments.map(({ target, value }) => `${printExpression(target)} = ${printExpression(value)}`).join(', ');
