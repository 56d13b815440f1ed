import type { Bound } from './expression.ts';
import type { JoinConditions, JoinPlan, JoinRange } from './plan.ts';

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
  { equalities, residual, ranges }: JoinConditions,
  print: (node: Bound) => string,
): string[] {
  const indexed = equalities.map(({ left, right }) => `${print(left.key)} = ${print(right.key)}`);
  const ordered = ranges.map((range) => printRange(range, print));
  let by = 'every combination';
  if (indexed.length > 0) by = `indexed by ${indexed.join(' and ')}`;
  else if (ordered.length > 0) by = `in the order of ${ordered.join(' or ')}`;
  const lines = [`${what} ${by}`];
  if (residual.length > 0) lines.push(`  test ${residual.map(print).join(' and ')}`);
  return lines;
}

/** `b.ts from a.ts to (a.ts + 1000)`. */
export function printRange({ key, low, high }: JoinRange, print: (node: Bound) => string): string {
  const from = low === undefined ? '' : ` from ${print(low.value)}`;
  return `${print(key)}${from}${high === undefined ? '' : ` to ${print(high.value)}`}`;
}
