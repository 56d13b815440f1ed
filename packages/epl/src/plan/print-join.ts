import type { Bound } from './expression.ts';
import type { JoinConditions, JoinPlan } from './plan.ts';

/** How the streams are joined, and by which indexes. */
export function printJoin(
  { outer, driver, ...conditions }: JoinPlan,
  streams: readonly string[],
  print: (node: Bound) => string,
): string[] {
  const lines: string[] = [];
  if (driver !== undefined) lines.push(`driven by ${streams[driver]} alone`);
  if (outer === undefined) return [...lines, ...printConditions('join', conditions, print)];
  outer.forEach((step, i) => {
    lines.push(...printConditions(`${step.kind} join ${streams[i + 1]}`, step, print));
  });
  const { residual } = conditions;
  if (residual.length > 0) lines.push(`test ${residual.map(print).join(' and ')}`);
  return lines;
}

function printConditions(
  what: string,
  { equalities, residual }: JoinConditions,
  print: (node: Bound) => string,
): string[] {
  const indexed = equalities.map(({ left, right }) => `${print(left.key)} = ${print(right.key)}`);
  const lines = [
    `${what} ${indexed.length > 0 ? `indexed by ${indexed.join(' and ')}` : 'every combination'}`,
  ];
  if (residual.length > 0) lines.push(`  test ${residual.map(print).join(' and ')}`);
  return lines;
}
