import { createTimeZone, type TimeZone, timeOfWallClock, utc, wallClock } from '../time-zone.ts';

/** The points in time of a crontab: those whose every part is among the allowed ones. */
export interface Schedule {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** From 1. */
  readonly days: readonly number[];
  /** From 1. */
  readonly months: readonly number[];
  /** From Sunday = 0. */
  readonly weekdays: readonly number[];
  /** Days that depend on the month, beside those listed. */
  readonly special?: readonly SpecialDay[];
  /** Whose clocks it is read by, where that is not UTC. */
  readonly timeZone?: string;
}

/**
 * - `last`: the last day of the month.
 * - `last-weekday`: the last Monday, … of the month, from Sunday = 0.
 * - `nearest-workday`: the workday (Monday to Friday) that is nearest to that day, in the same month; without a day the
 *   last workday of the month.
 */
export type SpecialDay =
  | { readonly kind: 'last' }
  | { readonly kind: 'last-weekday'; readonly weekday: number }
  | { readonly kind: 'nearest-workday'; readonly day: number | undefined };

/** Years that are searched for a point: a day that does not come in these, such as the 30th of February, never comes. */
const mostYears = 30;

/**
 * The first point behind a time; undefined where there is none. A point that the clocks of its zone show twice comes the
 * second time; one that they leave out an hour later.
 */
export function nextPoint(schedule: Schedule, timeMs: number): number | undefined {
  if (schedule.timeZone === undefined) return nextShown(schedule, timeMs);
  const zone = zoneOf(schedule, schedule.timeZone);
  for (let shownMs = wallClock(timeMs, zone); ; ) {
    const next = nextShown(schedule, shownMs);
    if (next === undefined) return undefined;
    const point = timeOfWallClock(next, zone);
    if (point > timeMs) return point;
    shownMs = next;
  }
}

const zones = new WeakMap<Schedule, TimeZone>();

/** Made once for each crontab: it remembers what it was asked. */
function zoneOf(schedule: Schedule, name: string): TimeZone {
  let zone = zones.get(schedule);
  if (zone === undefined) {
    zone = createTimeZone(name) ?? utc;
    zones.set(schedule, zone);
  }
  return zone;
}

/** What the clocks show at the first point behind what they show now. */
function nextShown(schedule: Schedule, timeMs: number): number | undefined {
  const from = new Date(Math.floor(timeMs / 1000) * 1000 + 1000);
  const end = from.getUTCFullYear() + mostYears;
  const at = from;
  for (;;) {
    if (at.getUTCFullYear() > end) return undefined;
    if (!schedule.months.includes(at.getUTCMonth() + 1)) {
      at.setUTCMonth(at.getUTCMonth() + 1, 1);
      at.setUTCHours(0, 0, 0);
    } else if (!isDay(schedule, at)) {
      at.setUTCDate(at.getUTCDate() + 1);
      at.setUTCHours(0, 0, 0);
    } else if (!schedule.hours.includes(at.getUTCHours())) at.setUTCHours(at.getUTCHours() + 1, 0, 0);
    else if (!schedule.minutes.includes(at.getUTCMinutes())) at.setUTCMinutes(at.getUTCMinutes() + 1, 0);
    else if (!schedule.seconds.includes(at.getUTCSeconds())) at.setUTCSeconds(at.getUTCSeconds() + 1);
    else return at.getTime();
  }
}

/** Where both the day and the weekday are restricted, either is enough. */
function isDay({ days, weekdays, special }: Schedule, at: Date): boolean {
  const today = at.getUTCDate();
  let day = days.includes(today);
  let weekday = weekdays.includes(at.getUTCDay());
  for (const rule of special ?? []) {
    const fits = specialDay(rule, at) === today;
    if (rule.kind === 'last-weekday') weekday ||= fits;
    else day ||= fits;
  }
  return days.length < 31 && weekdays.length < 7 ? day || weekday : day && weekday;
}

/** The day that the rule means in the month of that date. */
function specialDay(rule: SpecialDay, at: Date): number {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const weekdayOf = (day: number): number => new Date(Date.UTC(year, month, day)).getUTCDay();
  switch (rule.kind) {
    case 'last':
      return last;
    case 'last-weekday':
      return last - ((weekdayOf(last) - rule.weekday + 7) % 7);
    case 'nearest-workday': {
      const day = Math.min(rule.day ?? last, last);
      const weekday = weekdayOf(day);
      if (weekday === saturday) return day > 1 ? day - 1 : day + 2;
      if (weekday === sunday) return day < last ? day + 1 : day - 2;
      return day;
    }
    default:
      return rule satisfies never;
  }
}

const [sunday, saturday] = [0, 6];
