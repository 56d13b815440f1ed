import type { DateField } from '../plan/date-field.ts';
import { addPeriod } from '../plan/period.ts';
import { type TimeZone, timeOfWallClock, utc, wallClock } from '../time-zone.ts';

/**
 * Milliseconds since 1970 taken apart and put together by the calendar of a time zone. Months count from 0 and Sunday is day
 * 1 of the week, as in Java's Calendar, whose weeks begin on Sunday and whose week 1 is that of 1 January.
 */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

export function calendarDate(timeMs: number, zone: TimeZone = utc): CalendarDate {
  const date = new Date(wallClock(timeMs, zone));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
}

/** Fields beyond their range carry over: 31 February is 2 or 3 March. Null beyond what dates can hold. */
export function timeOf(
  { year, month, day, hour, minute, second, millisecond }: CalendarDate,
  zone: TimeZone = utc,
): number | null {
  // Years below 100 would be taken for those of the last century.
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, second, millisecond);
  const wallMs = date.getTime();
  return Number.isNaN(wallMs) ? null : timeOfWallClock(wallMs, zone);
}

const dayMs = 86_400_000;

/** From 1, Sunday, to 7. */
export const dayOfWeek = (timeMs: number, zone: TimeZone = utc): number =>
  new Date(wallClock(timeMs, zone)).getUTCDay() + 1;

/** From 1. */
export function dayOfYear(timeMs: number, zone: TimeZone = utc): number {
  const date = calendarDate(timeMs, zone);
  return Math.round((timeOf(date)! - timeOf({ ...date, month: 0, day: 1 })!) / dayMs) + 1;
}

export function daysOfMonth(year: number, month: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month + 1, 0);
  return date.getUTCDate();
}

/** A week belongs to the year of its Saturday. */
export function weekOfYear(timeMs: number, zone: TimeZone = utc): number {
  const wallMs = wallClock(timeMs, zone);
  const saturday = wallMs + (7 - dayOfWeek(wallMs)) * dayMs;
  return Math.floor((dayOfYear(saturday) - 1) / 7) + 1;
}

export function getField(timeMs: number, field: DateField, zone: TimeZone = utc): number {
  return field === 'week' ? weekOfYear(timeMs, zone) : calendarDate(timeMs, zone)[field];
}

export function setField(
  timeMs: number,
  field: DateField,
  value: number,
  zone: TimeZone = utc,
): number | null {
  if (field === 'week') return addDays(timeMs, (value - weekOfYear(timeMs, zone)) * 7, zone);
  return timeOf({ ...calendarDate(timeMs, zone), [field]: value }, zone);
}

/** The same time of day so many days later. */
export function addDays(timeMs: number, days: number, zone: TimeZone = utc): number {
  return days === 0 ? timeMs : timeOfWallClock(wallClock(timeMs, zone) + days * dayMs, zone);
}

/** The same time of day so many months later; the last day of a shorter month stands for what it lacks. */
export function addMonths(timeMs: number, months: number, zone: TimeZone = utc): number {
  if (months === 0) return timeMs;
  return timeOfWallClock(addPeriod(wallClock(timeMs, zone), { months, milliseconds: 0 }), zone);
}

/** The highest year that a date can hold. */
const lastYear = 275_759;

/** The smallest and the largest value that the field has at that date. */
export function fieldRange(
  timeMs: number,
  field: DateField,
  zone: TimeZone = utc,
): { least: number; most: number } {
  const { year, month } = calendarDate(timeMs, zone);
  switch (field) {
    case 'year':
      return { least: 1, most: lastYear };
    case 'month':
      return { least: 0, most: 11 };
    case 'week': {
      // The last week that does not reach into the next year.
      const lastSaturday = timeOf({ ...calendarDate(timeMs, zone), month: 11, day: 31 })!;
      const week = weekOfYear(lastSaturday);
      return { least: 1, most: week === 1 ? weekOfYear(lastSaturday - 7 * dayMs) : week };
    }
    case 'day':
      return { least: 1, most: daysOfMonth(year, month) };
    case 'hour':
      return { least: 0, most: 23 };
    case 'minute':
    case 'second':
      return { least: 0, most: 59 };
    case 'millisecond':
      return { least: 0, most: 999 };
    default:
      return field satisfies never;
  }
}
