import type { ContainedPlan } from './contained-plan.ts';
import { printBound } from './print-expression.ts';

/** A line for each step into the events of a stream. */
export function printContained({ steps }: ContainedPlan, outermost: string): string[] {
  let names = [outermost];
  return steps.map(({ source, type, where, columns }) => {
    const from = printBound(source, names, []);
    names = [type.name, ...names];
    const condition = where === undefined ? '' : ` where ${printBound(where, names, [])}`;
    const selected =
      columns === undefined
        ? ''
        : `: ${columns.map(({ name, value }) => `${name} = ${printBound(value, names, [])}`).join(', ')}`;
    return `  each ${type.name} in ${from}${condition}${selected}`;
  });
}
