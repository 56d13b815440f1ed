import { calendarDate, dayOfWeek, dayOfYear, weekOfYear } from './calendar.ts';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** Prints the milliseconds in UTC, with the letters of Java's SimpleDateFormat and English names. */
export type DatePrinter = (timeMs: number) => string;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

const named = (name: string, width: number): string => (width >= 4 ? name : name.slice(0, 3));

type Letter = (timeMs: number, width: number) => string;

const letters: Readonly<Record<string, Letter>> = {
  G: () => 'AD',
  y: (ms, width) => {
    const { year } = calendarDate(ms);
    return width === 2 ? digits(year % 100, 2) : digits(year, width);
  },
  M: (ms, width) => {
    const { month } = calendarDate(ms);
    return width > 2 ? named(months[month], width) : digits(month + 1, width);
  },
  w: (ms, width) => digits(weekOfYear(ms), width),
  D: (ms, width) => digits(dayOfYear(ms), width),
  d: (ms, width) => digits(calendarDate(ms).day, width),
  E: (ms, width) => named(days[dayOfWeek(ms) - 1], width),
  u: (ms, width) => digits(((dayOfWeek(ms) + 5) % 7) + 1, width),
  a: (ms) => (calendarDate(ms).hour < 12 ? 'AM' : 'PM'),
  H: (ms, width) => digits(calendarDate(ms).hour, width),
  k: (ms, width) => digits(calendarDate(ms).hour || 24, width),
  K: (ms, width) => digits(calendarDate(ms).hour % 12, width),
  h: (ms, width) => digits(calendarDate(ms).hour % 12 || 12, width),
  m: (ms, width) => digits(calendarDate(ms).minute, width),
  s: (ms, width) => digits(calendarDate(ms).second, width),
  S: (ms, width) => digits(calendarDate(ms).millisecond, width),
  z: () => 'UTC',
  Z: () => '+0000',
  X: () => 'Z',
};

/** What `format()` prints without a pattern. */
export const defaultPattern = 'M/d/yy, h:mm a';

/** The printer of a pattern; undefined where it has letters that stand for nothing. */
export function datePrinter(pattern: string): DatePrinter | undefined {
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
    parts.push(letter === undefined ? () => text : (timeMs) => letter(timeMs, width));
    at += width;
  }
  return (timeMs) => parts.map((part) => part(timeMs)).join('');
}
