import type { DateField } from '../plan/date-field.ts';
import { type TimeZone, utc } from '../time-zone.ts';
import { type CalendarDate, calendarDate, fieldRange, timeOf } from './calendar.ts';

type Unit = Exclude<DateField, 'week'>;

/** From the finest. */
const units: readonly Unit[] = ['millisecond', 'second', 'minute', 'hour', 'day', 'month', 'year'];

const lowest: CalendarDate = { year: 1, month: 0, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 };

/** The beginning of the unit. */
export function roundFloor(timeMs: number, unit: Unit, zone: TimeZone = utc): number | null {
  // Within a day what the clocks show twice stays what it is.
  if (zone !== utc && isWithinDay(unit))
    return besideClocks(timeMs, zone, (wallMs) => roundFloor(wallMs, unit));
  const date: { -readonly [name in Unit]: number } = { ...calendarDate(timeMs, zone) };
  for (const finer of units.slice(0, units.indexOf(unit))) date[finer] = lowest[finer];
  return timeOf(date, zone);
}

/** The beginning of the next unit, also of what lies on a beginning itself; of milliseconds the time as it is. */
export function roundCeiling(timeMs: number, unit: Unit, zone: TimeZone = utc): number | null {
  if (zone !== utc && isWithinDay(unit))
    return besideClocks(timeMs, zone, (wallMs) => roundCeiling(wallMs, unit));
  const floor = roundFloor(timeMs, unit, zone);
  if (floor === null || unit === 'millisecond') return floor;
  const date = calendarDate(floor, zone);
  return timeOf({ ...date, [unit]: date[unit] + 1 }, zone);
}

/**
 * The nearer beginning of a unit. What decides is the next finer unit alone, whose upper half counts as more: 12:30
 * is rounded up to the hour, and days from 12:00 on.
 */
export function roundHalf(timeMs: number, unit: Unit, zone: TimeZone = utc): number | null {
  if (unit === 'millisecond') return timeMs;
  const finer = units[units.indexOf(unit) - 1];
  const { least, most } = fieldRange(timeMs, finer, zone);
  const up = calendarDate(timeMs, zone)[finer] - least > Math.floor((most - least) / 2);
  return up ? roundCeiling(timeMs, unit, zone) : roundFloor(timeMs, unit, zone);
}

const isWithinDay = (unit: Unit): boolean => units.indexOf(unit) <= units.indexOf('hour');

/** Rounds what the clocks show, which are as far ahead of UTC there. */
function besideClocks(
  timeMs: number,
  zone: TimeZone,
  round: (wallMs: number) => number | null,
): number | null {
  const offset = zone.offsetMs(timeMs);
  const rounded = round(timeMs + offset);
  return rounded === null ? null : rounded - offset;
}
