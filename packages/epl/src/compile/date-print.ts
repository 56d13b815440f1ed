import { type TimeZone, utc } from '../time-zone.ts';
import { calendarDate, dayOfWeek, dayOfYear, weekOfYear } from './calendar.ts';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** Prints the milliseconds as the clocks of a time zone show them, with the letters of Java's SimpleDateFormat and English names. */
export type DatePrinter = (timeMs: number) => string;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

const named = (name: string, width: number): string => (width >= 4 ? name : name.slice(0, 3));

type Letter = (timeMs: number, width: number, zone: TimeZone) => string;

const letters: Readonly<Record<string, Letter>> = {
  G: () => 'AD',
  y: (ms, width, zone) => {
    const { year } = calendarDate(ms, zone);
    return width === 2 ? digits(year % 100, 2) : digits(year, width);
  },
  M: (ms, width, zone) => {
    const { month } = calendarDate(ms, zone);
    return width > 2 ? named(months[month], width) : digits(month + 1, width);
  },
  w: (ms, width, zone) => digits(weekOfYear(ms, zone), width),
  D: (ms, width, zone) => digits(dayOfYear(ms, zone), width),
  d: (ms, width, zone) => digits(calendarDate(ms, zone).day, width),
  E: (ms, width, zone) => named(days[dayOfWeek(ms, zone) - 1], width),
  u: (ms, width, zone) => digits(((dayOfWeek(ms, zone) + 5) % 7) + 1, width),
  a: (ms, _width, zone) => (calendarDate(ms, zone).hour < 12 ? 'AM' : 'PM'),
  H: (ms, width, zone) => digits(calendarDate(ms, zone).hour, width),
  k: (ms, width, zone) => digits(calendarDate(ms, zone).hour || 24, width),
  K: (ms, width, zone) => digits(calendarDate(ms, zone).hour % 12, width),
  h: (ms, width, zone) => digits(calendarDate(ms, zone).hour % 12 || 12, width),
  m: (ms, width, zone) => digits(calendarDate(ms, zone).minute, width),
  s: (ms, width, zone) => digits(calendarDate(ms, zone).second, width),
  S: (ms, width, zone) => digits(calendarDate(ms, zone).millisecond, width),
  z: (ms, _width, zone) => zone.abbreviation(ms),
  Z: (ms, _width, zone) => offsetText(zone.offsetMs(ms), ''),
  X: (ms, width, zone) => isoOffset(zone.offsetMs(ms), width),
};

const offsetText = (offsetMs: number, between: string): string => {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const sign = offsetMs < 0 ? '-' : '+';
  return `${sign}${digits(Math.floor(minutes / 60), 2)}${between}${digits(minutes % 60, 2)}`;
};

/** `Z`, `+01`, `+0100`, `+01:00` by the width. */
function isoOffset(offsetMs: number, width: number): string {
  if (offsetMs === 0) return 'Z';
  return width === 1 ? offsetText(offsetMs, '').slice(0, 3) : offsetText(offsetMs, width === 2 ? '' : ':');
}

/** What `format()` prints without a pattern. */
export const defaultPattern = 'M/d/yy, h:mm a';

/** The printer of a pattern; undefined where it has letters that stand for nothing. */
export function datePrinter(pattern: string, zone: TimeZone = utc): DatePrinter | undefined {
  const parts: DatePrinter[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern[at];
    let width = 1;
    while (pattern[at + width] === char) width++;
    if (char === "'") {
      const end = pattern.indexOf("'", at + 1);
      if (end < 0) return undefined;
      const text = pattern.slice(at + 1, end) || "'";
      parts.push(() => text);
      at = end + 1;
      continue;
    }
    const letter = Object.hasOwn(letters, char) ? letters[char] : undefined;
    if (letter === undefined && /[A-Za-z]/.test(char)) return undefined;
    const text = char.repeat(width);
    parts.push(letter === undefined ? () => text : (timeMs) => letter(timeMs, width, zone));
    at += width;
  }
  return (timeMs) => parts.map((part) => part(timeMs)).join('');
}
