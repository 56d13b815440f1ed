import type { Bound } from './expression.ts';
import { printContained } from './print-contained.ts';
import { printBound } from './print-expression.ts';
import { printRange } from './print-join.ts';
import { printWindow } from './print-window.ts';
import type { SubqueryPlan } from './subquery-plan.ts';

/** A subquery: what it keeps, and how it is looked up. */
export function printSubquery(plan: SubqueryPlan, index: number): string[] {
  const { input, equalities, residual } = plan;
  const aggregates = plan.aggregates.map(({ text }) => text);
  const print = (node: Bound): string => printBound(node, [input.name, 'outside'], aggregates);
  const own = (node: Bound): string => printBound(node, [input.name, 'window'], []);
  const lines = [`subquery${index} from ${input.type.name} window ${printWindow(input.window!, own)}`];
  if (input.filter.length > 0) lines.push(`  filter ${input.filter.map(own).join(' and ')}`);
  if (input.contained !== undefined) lines.push(...printContained(input.contained, input.type.name));
  const indexed = equalities.map(({ left, right }) => `${print(left.key)} = ${print(right.key)}`);
  if (indexed.length > 0) lines.push(`  indexed by ${indexed.join(' and ')}`);
  if (plan.range !== undefined) lines.push(`  in the order of ${printRange(plan.range, print)}`);
  if (residual !== undefined) lines.push(`  test ${print(residual)}`);
  return lines;
}
