import type { DateField } from '../plan/date-field.ts';
import { type CalendarDate, calendarDate, fieldRange, timeOf } from './calendar.ts';

type Unit = Exclude<DateField, 'week'>;

/** From the finest. */
const units: readonly Unit[] = ['millisecond', 'second', 'minute', 'hour', 'day', 'month', 'year'];

const lowest: CalendarDate = { year: 1, month: 0, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };

/** The beginning of the unit. */
export function roundFloor(timeMs: number, unit: Unit): number | null {
  const date: { -readonly [name in Unit]: number } = { ...calendarDate(timeMs) };
  for (const finer of units.slice(0, units.indexOf(unit))) date[finer] = lowest[finer];
  return timeOf(date);
}

/** The beginning of the next unit, also of what lies on a beginning itself; of milliseconds the time as it is. */
export function roundCeiling(timeMs: number, unit: Unit): number | null {
  const floor = roundFloor(timeMs, unit);
  if (floor === null || unit === 'millisecond') return floor;
  const date = calendarDate(floor);
  return timeOf({ ...date, [unit]: date[unit] + 1 });
}

/**
 * The nearer beginning of a unit. What decides is the next finer unit alone, whose upper half counts as more: 12:30
 * is rounded up to the hour, and days from 12:00 on.
 */
export function roundHalf(timeMs: number, unit: Unit): number | null {
  if (unit === 'millisecond') return timeMs;
  const finer = units[units.indexOf(unit) - 1];
  const { least, most } = fieldRange(timeMs, finer);
  const up = calendarDate(timeMs)[finer] - least > Math.floor((most - least) / 2);
  return up ? roundCeiling(timeMs, unit) : roundFloor(timeMs, unit);
}
