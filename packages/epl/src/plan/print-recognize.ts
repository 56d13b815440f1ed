import type { Bound } from './expression.ts';
import { printPeriod } from './period.ts';
import { printBound } from './print-expression.ts';
import type { RecognizePlan } from './recognize-plan.ts';

/** What a match_recognize does: what it tests each row for, and which matches it gives. */
export function printRecognize(plan: RecognizePlan): string[] {
  const { variables, automaton, partitionBy, measures, aggregates, interval, allMatches, skip } = plan;
  const row = (node: Bound): string => printBound(node, ['row'], []);
  const texts = aggregates.map(({ aggregate }) => aggregate.text);
  const lines = [`match_recognize, ${automaton.positions.length} positions`];
  if (partitionBy.length > 0) lines.push(`  a partition for each ${partitionBy.map(row).join(', ')}`);
  for (const { name, multiple, define, readsMatch } of variables) {
    const rows = multiple ? 'rows' : 'a row';
    const test = readsMatch ? 'tested for each partial match' : 'tested once a row';
    const condition = define === undefined ? 'any' : `${printBound(define, [name, 'match'], [])}, ${test}`;
    lines.push(`  ${name} takes ${rows}: ${condition}`);
  }
  if (interval !== undefined) {
    const early = interval.orTerminated ? ', or until they cannot become longer' : '';
    lines.push(`  matches are held for ${printPeriod(interval.period)}${early}`);
  }
  lines.push(allMatches ? '  all matches' : `  one match for each first row, then on to the ${skip}`);
  lines.push(
    `  measures ${measures.map(({ name, value }) => `${name} = ${printBound(value, ['match'], texts)}`).join(', ')}`,
  );
  return lines;
}
