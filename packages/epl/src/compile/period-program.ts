import type { DurationPart } from '../plan/pattern-plan.ts';
import { addPeriods, type Period, periodOf } from '../plan/period.ts';
import { compileExpression } from './compile-expression.ts';
import type { Environment, Subject } from './evaluator.ts';

/** A length of time that is computed. @throws RangeError where it is missing or below 0 */
export type PeriodProgram = (subject: Subject, environment: Environment) => Period;

export function compilePeriod(plan: readonly DurationPart[]): PeriodProgram {
  const parts = plan.map(({ unit, value }) => ({ unit, amount: compileExpression(value, false) }));
  return (subject, environment) => {
    let total: Period = { months: 0, milliseconds: 0 };
    for (const { unit, amount } of parts) {
      const value = amount(subject, null, environment);
      const period = value === null ? undefined : periodOf(Number(value), unit);
      if (period === undefined) throw new RangeError(`a time of ${value} ${unit}s is none`);
      total = addPeriods(total, period);
    }
    return total;
  };
}
