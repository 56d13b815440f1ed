import { timeOfText } from '../model/time-text.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Minutes from UTC: those of RFC 5322, section 4.3, and what else was seen in reports. */
const zones: ReadonlyMap<string, number> = new Map([
  ['edt', -240],
  ['est', -300],
  ['cdt', -300],
  ['cst', -360],
  ['mdt', -360],
  ['mst', -420],
  ['pdt', -420],
  ['pst', -480],
  ['akdt', -480],
  ['akst', -540],
  ['hst', -600],
  ['brt', -180],
  ['wet', 0],
  ['west', 60],
  ['bst', 60],
  ['cet', 60],
  ['met', 60],
  ['mez', 60],
  ['cest', 120],
  ['mest', 120],
  ['mesz', 120],
  ['eet', 120],
  ['eest', 180],
  ['msk', 180],
  ['hkt', 480],
  ['sgt', 480],
  ['jst', 540],
  ['kst', 540],
  ['aest', 600],
  ['aedt', 660],
]);

/**
 * Milliseconds since 1970 of the dates that mails and reports have: RFC 5322 with its obsolete forms, RFC 3339, the C
 * library's `Thu Feb 13 18:28:15 2014`, seconds since 1970. Weekdays and comments are passed over; a zone that nobody
 * knows is UTC, and so is none. Undefined for anything else.
 */
export function timeOfMailDate(text: string | undefined): number | undefined {
  if (text === undefined || text.length > 200) return undefined;
  const plain = text.replace(/\([^()]*\)/g, ' ').trim();
  if (/^[0-9]{9,10}(\.[0-9]{1,6})?$/.test(plain)) return Math.trunc(Number(plain) * 1000);
  const iso = timeOfText(plain.replace(/\s+(?:UTC|GMT)$/i, 'Z').replace(/^([0-9-]{10})$/, '$1T00:00:00Z'));
  if (iso !== undefined) return iso;
  const words = plain.toLowerCase().split(/[\s,]+|(?<=[a-z0-9])-(?=[a-z])|(?<=[a-z])-(?=[0-9])/);
  const at = words.findIndex((word) => months.includes(word.slice(0, 3)) && /^[a-z]+\.?$/.test(word));
  const clock = words.findIndex((word) => /^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?/.test(word));
  if (at < 0 || clock < 0) return undefined;
  const month = months.indexOf(words[at].slice(0, 3));
  // The day is before the month, or after it (asctime, "Feb 3 2014").
  const isDay = (word: string | undefined) => word !== undefined && /^[0-9]{1,2}$/.test(word);
  const dayWord = isDay(words[at - 1]) ? words[at - 1] : isDay(words[at + 1]) ? words[at + 1] : undefined;
  const yearWord =
    words.find((word, i) => /^[1-9][0-9]{3}$/.test(word) && i !== clock) ??
    shortYear(words[at + 1], at, words);
  if (dayWord === undefined || yearWord === undefined) return undefined;
  const [, hour, minute, second = '0', fraction = '0'] =
    /^([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?/.exec(words[clock]) ?? [];
  const [day, year] = [Number(dayWord), Number(yearWord)];
  const ms = Date.UTC(
    year,
    month,
    day,
    Number(hour),
    Number(minute),
    Number(second),
    Number(`.${fraction}`) * 1000,
  );
  const isReal =
    new Date(Date.UTC(year, month, day)).getUTCDate() === day && Number(hour) < 24 && Number(minute) < 60;
  if (!isReal || Number(second) > 60) return undefined;
  return Math.trunc(ms) - zoneMinutes(words.slice(clock + 1), words[clock]) * 60_000;
}

/** RFC 5322, section 4.3: 00 to 49 are of this century. */
function shortYear(word: string | undefined, at: number, words: readonly string[]): string | undefined {
  if (word === undefined || !/^[0-9]{2}$/.test(word) || !/^[0-9]{1,2}$/.test(words[at - 1] ?? ''))
    return undefined;
  return String(Number(word) + (Number(word) < 50 ? 2000 : 1900));
}

function zoneMinutes(after: readonly string[], clock: string): number {
  for (const word of [clock.replace(/^[0-9:.,]+/, ''), ...after]) {
    const [, sign, hours, minutes] = /^(?:utc|gmt)?([+-])([0-9]{1,2}):?([0-9]{2})?$/.exec(word) ?? [];
    if (sign !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0));
    const named = zones.get(word);
    if (named !== undefined) return named;
  }
  return 0;
}

/** 1900 is the first year that a mail can have (RFC 5322, section 3.3). */
const firstMs = Date.UTC(1900, 0, 1);

/** A date of RFC 5322 in UTC; seconds are cut, times before 1900 become its first. */
export function mailDate(ms: number): string {
  const date = new Date(Math.max(ms, firstMs));
  const two = (value: number) => String(value).padStart(2, '0');
  const month = months[date.getUTCMonth()];
  const monthName = `${month[0].toUpperCase()}${month.slice(1)}`;
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${weekdays[date.getUTCDay()]}, ${two(date.getUTCDate())} ${monthName} ${date.getUTCFullYear()} ${clock} +0000`;
}
