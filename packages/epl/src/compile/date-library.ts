import { type Long, toDouble } from '../long.ts';
import type { DateField } from '../plan/date-field.ts';
import { type IntervalMethod, intervalMethods } from '../plan/interval-method.ts';
import type { TimeZone } from '../time-zone.ts';
import {
  addDays,
  addMonths,
  calendarDate,
  dayOfWeek,
  dayOfYear,
  fieldRange,
  getField,
  setField,
  timeOf,
  weekOfYear,
} from './calendar.ts';
import { castToText } from './cast.ts';
import { dateReader } from './date-format.ts';
import { datePrinter } from './date-print.ts';
import { roundCeiling, roundFloor, roundHalf } from './date-rounding.ts';
import { relations } from './interval.ts';
import type { LibraryFunction } from './library.ts';

const time = (value: unknown): number => Math.trunc(toDouble(value as Long));

/** The last point in time that a date can hold, on either side of 1970 (ECMA-262, 21.4.1.1). */
const lastMs = 8.64e15;

/** Null beyond what dates can hold. */
const valid = (timeMs: number): number | null => (Math.abs(timeMs) <= lastMs ? timeMs : null);

/** A function of a date and of further arguments; of what no date can hold it is null. */
const ofDate =
  (call: LibraryFunction): LibraryFunction =>
  (at, ...rest) =>
    valid(time(at)) === null ? null : call(at, ...rest);

const unitOf = (unit: unknown) => unit as Exclude<DateField, 'week'>;

function isBetween(value: unknown, one: unknown, other: unknown, lowIncluded = true, highIncluded = true) {
  const [low, high] = [Math.min(time(one), time(other)), Math.max(time(one), time(other))];
  const point = time(value);
  return (
    (point > low || (lowIncluded && point === low)) && (point < high || (highIncluded && point === high))
  );
}

const interval =
  (method: IntervalMethod): LibraryFunction =>
  (start, end, otherStart, otherEnd, ...parameters) =>
    relations[method](
      { start: time(start), end: time(end) },
      { start: time(otherStart), end: time(otherEnd) },
      parameters.map(time),
    );

/** Further on by months and days of the calendar, then by milliseconds. */
function moved(
  at: number,
  sign: 1 | -1,
  zone: TimeZone,
  months: unknown,
  ms: unknown,
  days?: unknown,
): number | null {
  const date = addMonths(at, sign * time(months), zone);
  return valid(addDays(date, sign * time(days ?? 0), zone) + sign * time(ms));
}

const dateFunctions = (zone: TimeZone): Readonly<Record<string, LibraryFunction>> => ({
  'date.format': (at, pattern) => datePrinter(castToText(pattern), zone)?.(time(at)) ?? null,
  'date.plus': (at, months, ms, days) => moved(time(at), 1, zone, months, ms, days),
  'date.minus': (at, months, ms, days) => moved(time(at), -1, zone, months, ms, days),
  'date.get': (at, field) => getField(time(at), field as DateField, zone),
  'date.withMax': (at, field) =>
    setField(time(at), field as DateField, fieldRange(time(at), field as DateField, zone).most, zone),
  'date.withMin': (at, field) =>
    setField(time(at), field as DateField, fieldRange(time(at), field as DateField, zone).least, zone),
  'date.roundFloor': (at, unit) => roundFloor(time(at), unitOf(unit), zone),
  'date.roundCeiling': (at, unit) => roundCeiling(time(at), unitOf(unit), zone),
  'date.roundHalf': (at, unit) => roundHalf(time(at), unitOf(unit), zone),
  'date.dayOfWeek': (at) => dayOfWeek(time(at), zone),
  'date.dayOfYear': (at) => dayOfYear(time(at), zone),
  'date.weekOfYear': (at) => weekOfYear(time(at), zone),
});

/** Methods of points in time and of intervals: null where any argument is null. */
export const dateLibrary = (zone: TimeZone): Readonly<Record<string, LibraryFunction>> => ({
  'date.parse': (text, pattern) => dateReader(castToText(pattern), zone)!(castToText(text)),
  'date.between': (at, low, high, lowIncluded, highIncluded) =>
    isBetween(at, low, high, lowIncluded as boolean | undefined, highIncluded as boolean | undefined),
  ...Object.fromEntries(Object.entries(dateFunctions(zone)).map(([name, call]) => [name, ofDate(call)])),
  ...Object.fromEntries(intervalMethods.map((method) => [`interval.${method}`, interval(method)])),
});

const part = (value: unknown, otherwise: number): number => (value === null ? otherwise : time(value));

/** Methods of which null arguments leave a part as it is. */
export const lenientDateLibrary = (zone: TimeZone): Readonly<Record<string, LibraryFunction>> => ({
  'date.set': (at, field, value) => {
    if (at === null || valid(time(at)) === null) return null;
    return value === null ? at : setField(time(at), field as DateField, time(value), zone);
  },
  'date.withDate': (at, year, month, day) => {
    if (at === null || valid(time(at)) === null) return null;
    const date = calendarDate(time(at), zone);
    return timeOf(
      {
        ...date,
        year: part(year, date.year),
        month: part(month, date.month),
        day: part(day, date.day),
      },
      zone,
    );
  },
  'date.withTime': (at, hour, minute, second, millisecond) => {
    if (at === null || valid(time(at)) === null) return null;
    const date = calendarDate(time(at), zone);
    return timeOf(
      {
        ...date,
        hour: part(hour, date.hour),
        minute: part(minute, date.minute),
        second: part(second, date.second),
        millisecond: part(millisecond, date.millisecond),
      },
      zone,
    );
  },
});
