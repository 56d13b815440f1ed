import type { Expression } from './expression.ts';
import type { Span } from './source.ts';

/** One of the five to nine parameters of a crontab: minutes, hours, days, months, weekdays, seconds, … */
export type CronField = Expression | CronAny | CronStep | CronRange | CronList | CronDay;

/** `*`. */
export interface CronAny extends Span {
  readonly kind: 'cron-any';
}

/** `*\/5`. */
export interface CronStep extends Span {
  readonly kind: 'cron-step';
  readonly step: Expression;
}

/** `8:17`. */
export interface CronRange extends Span {
  readonly kind: 'cron-range';
  readonly low: Expression;
  readonly high: Expression;
}

/** `[1, 5:8, *\/10]`. */
export interface CronList extends Span {
  readonly kind: 'cron-list';
  readonly fields: readonly CronField[];
}

/** `last`, `5 last`, `weekday`, `10 weekday`, `lastweekday`. */
export interface CronDay extends Span {
  readonly kind: 'cron-day';
  readonly rule: 'last' | 'weekday' | 'lastweekday';
  readonly value?: Expression;
}
