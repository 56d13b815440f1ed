import { type TimeUnit, unitMilliseconds } from '../syntax/time-unit.ts';

/** A length of time: whole months, whose length the calendar knows, and milliseconds. */
export interface Period {
  /** Whole months; a year is twelve. Counted in UTC, the last day of a shorter month stands for what it lacks. */
  readonly months: number;
  readonly milliseconds: number;
}

/** So many units; undefined for less than nothing, and for parts of a month. */
export function periodOf(amount: number, unit: TimeUnit): Period | undefined {
  if (!(amount >= 0)) return undefined;
  if (unit !== 'year' && unit !== 'month')
    return {
      months: 0,
      milliseconds: Math.min(Math.round(amount * unitMilliseconds[unit]), Number.MAX_SAFE_INTEGER),
    };
  const months = unit === 'year' ? amount * 12 : amount;
  return Number.isInteger(months) && months <= mostMonths ? { months, milliseconds: 0 } : undefined;
}

/** Ten thousand years. */
const mostMonths = 120_000;

export const addPeriods = (a: Period, b: Period): Period => ({
  months: a.months + b.months,
  milliseconds: a.milliseconds + b.milliseconds,
});

/** The point in time that far behind another. */
export function addPeriod(timeMs: number, { months, milliseconds }: Period): number {
  return months === 0 ? timeMs + milliseconds : addMonths(timeMs, months) + milliseconds;
}

/** The point in time that far before another. */
export function subtractPeriod(timeMs: number, { months, milliseconds }: Period): number {
  return months === 0 ? timeMs - milliseconds : addMonths(timeMs, -months) - milliseconds;
}

function addMonths(timeMs: number, months: number): number {
  const date = new Date(timeMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

/** The points `anchor + k × period`. Over months each is counted from the one before it. */
export class TimeGrid {
  private readonly period: Period;
  private anchorMs: number;

  constructor(anchorMs: number, period: Period) {
    this.anchorMs = anchorMs;
    this.period = period;
  }

  /** The first point behind a time. */
  after(timeMs: number): number {
    const { months, milliseconds } = this.period;
    if (months === 0) {
      return this.anchorMs + (Math.floor((timeMs - this.anchorMs) / milliseconds) + 1) * milliseconds;
    }
    while (this.anchorMs > timeMs) this.anchorMs = subtractPeriod(this.anchorMs, this.period);
    let next = addPeriod(this.anchorMs, this.period);
    while (next <= timeMs) {
      this.anchorMs = next;
      next = addPeriod(next, this.period);
    }
    return next;
  }

  /** What it counts from now; over months that moves. */
  get originMs(): number {
    return this.anchorMs;
  }
}

/** `90000 ms`, `1 month`, `2 months 5000 ms`. */
export function printPeriod({ months, milliseconds }: Period): string {
  const parts = [];
  if (months > 0) parts.push(months === 1 ? '1 month' : `${months} months`);
  if (milliseconds !== 0 || months === 0) parts.push(`${milliseconds} ms`);
  return parts.join(' ');
}
