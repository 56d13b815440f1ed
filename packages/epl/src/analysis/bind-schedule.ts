import type { Schedule, SpecialDay } from '../plan/schedule.ts';
import type { CronDay, CronField } from '../syntax/cron.ts';
import type { Expression } from '../syntax/expression.ts';
import { Fault } from '../syntax/fault.ts';
import type { Span } from '../syntax/source.ts';
import { bindExpression } from './bind-expression.ts';
import type { Binder } from './binder.ts';
import { constantOf } from './window-parameters.ts';

/** In the order in which they are written; the last one may be missing. */
const parts = [
  { name: 'minutes', low: 0, high: 59 },
  { name: 'hours', low: 0, high: 23 },
  { name: 'days', low: 1, high: 31 },
  { name: 'months', low: 1, high: 12 },
  { name: 'weekdays', low: 0, high: 6 },
  { name: 'seconds', low: 0, high: 59 },
] as const;

type Part = (typeof parts)[number];

const [dayField, weekdayField] = [2, 4];

/** Binds a crontab: five fields, or six with seconds. */
export function bindSchedule(fields: readonly CronField[], place: Span, binder: Binder): Schedule {
  if (fields.length < 5 || fields.length > 6) {
    const message = `a crontab has 5 or 6 fields (${parts.map(({ name }) => name).join(', ')}), not ${fields.length}`;
    throw new Fault('EPL_VALUE', message, place);
  }
  const special: SpecialDay[] = [];
  const values = parts.map((part, i) =>
    i < fields.length ? valuesOf(fields[i], part, binder, special) : [0],
  );
  const [minutes, hours, days, months, weekdays, seconds] = values;
  const isAny = (i: number) => fields[i].kind === 'cron-any';
  if (!isAny(dayField) && !isAny(weekdayField)) {
    const message = 'a crontab is restricted by days of the month or by days of the week, not by both';
    throw new Fault('EPL_VALUE', message, fields[weekdayField]);
  }
  const timeZone = binder.library?.timeZone;
  return {
    minutes,
    hours,
    days,
    months,
    weekdays,
    seconds,
    ...(special.length > 0 && { special }),
    ...(timeZone !== undefined && { timeZone }),
  };
}

/** Adds to `special` the days that depend on the month. */
function valuesOf(field: CronField, part: Part, binder: Binder, special: SpecialDay[]): readonly number[] {
  const { low, high, name } = part;
  const within = (expression: Expression): number => {
    const value = constantOf(bindExpression(expression, binder), expression, `the ${name} of a crontab`);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new Fault('EPL_VALUE', `the ${name} of a crontab lie between ${low} and ${high}`, expression);
  };
  const range = (first: number, last: number, step: number): number[] => {
    const list: number[] = [];
    for (let value = first; value <= last; value += step) list.push(value);
    return list;
  };
  switch (field.kind) {
    case 'cron-any':
      return range(low, high, 1);
    case 'cron-step': {
      const step = constantOf(bindExpression(field.step, binder), field.step, `the ${name} of a crontab`);
      if (!Number.isInteger(step) || step < 1)
        throw new Fault('EPL_VALUE', 'the step of a crontab is a whole number above 0', field.step);
      // The multiples of the step: every third month is March, June, …, and every tenth day the 10th, the 20th, ….
      return range(Math.ceil(low / step) * step, high, step);
    }
    case 'cron-range': {
      const [first, last] = [within(field.low), within(field.high)];
      return first <= last ? range(first, last, 1) : [...range(first, high, 1), ...range(low, last, 1)];
    }
    case 'cron-list':
      return field.fields.flatMap((inner) => valuesOf(inner, part, binder, special));
    case 'cron-day':
      if (name === 'weekdays' && field.rule === 'last' && field.value === undefined) return [high];
      special.push(specialDay(field, part, field.value && within(field.value)));
      return [];
    default:
      return [within(field)];
  }
}

/** `last`, `15 weekday` and `lastweekday` of the days, `5 last` of the weekdays. */
function specialDay(field: CronDay, { name }: Part, value: number | undefined): SpecialDay {
  if (name === 'weekdays' && field.rule === 'last' && value !== undefined)
    return { kind: 'last-weekday', weekday: value };
  if (name === 'days' && field.rule === 'last' && value === undefined) return { kind: 'last' };
  if (name === 'days' && field.rule === 'lastweekday') return { kind: 'nearest-workday', day: undefined };
  if (name === 'days' && field.rule === 'weekday' && value !== undefined)
    return { kind: 'nearest-workday', day: value };
  const forms = "'last', '15 weekday' and 'lastweekday' among the days, '5 last' among the weekdays";
  throw new Fault('EPL_VALUE', `a crontab knows ${forms}`, field);
}
