import type { Period } from './period.ts';

/** What a text such as `R2/2024-03-01T10:00:00Z/PT10S` says. */
export interface RecurringInterval {
  /** Undefined where there is no `R`; negative for `R` without a number: without end. */
  readonly repetitions: number | undefined;
  /** Milliseconds since 1970. */
  readonly dateMs: number | undefined;
  readonly period: Period | undefined;
}

/** Reads `[R[n]/][date][/period]`, ISO 8601 section 4.5; undefined where the text is none. */
export function parseRecurringInterval(text: string): RecurringInterval | undefined {
  const parts = text.trim().split('/');
  let repetitions: number | undefined;
  const repeat = /^R(\d{0,9})$/.exec(parts[0]);
  if (repeat !== null) {
    repetitions = repeat[1] === '' ? -1 : Number(repeat[1]);
    parts.shift();
  }
  // `R3//PT2S`: the date is left out.
  if (repeat !== null && parts.length === 2 && parts[0] === '') parts.shift();
  const period = parts.length > 0 ? parsePeriod(parts.at(-1)!) : undefined;
  if (period !== undefined) parts.pop();
  const dateMs = parts.length > 0 ? parseDate(parts[0]) : undefined;
  if (parts.length > 1 || (parts.length === 1 && dateMs === undefined)) return undefined;
  if (dateMs === undefined && period === undefined) return undefined;
  if (repetitions !== undefined && period === undefined) return undefined;
  return { repetitions, dateMs, period };
}

const dateForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Milliseconds since 1970 of `2024-03-01T10:00:00.5+01:00`; UTC where no zone is named. */
export function parseDate(text: string): number | undefined {
  const found = dateForm.exec(text.trim());
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((digits) => Number(digits ?? 0));
  const milliseconds = Math.floor(Number(`0.${found[7] ?? '0'}`) * 1000);
  const date = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const exists = month >= 1 && month <= 12 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  if (!exists || hour > 24 || minute > 59 || second > 59) return undefined;
  return date - offsetMs(found[8]);
}

function offsetMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

const periodForm =
  /^P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,3})?)S)?)?$/;

/** `P1Y2M3DT4H5M6.5S`, `P2W`; undefined for what is none, or is no time at all. */
export function parsePeriod(text: string): Period | undefined {
  const found = periodForm.exec(text);
  if (found === null || text === 'P' || text.endsWith('T')) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1)
    .map((digits) => Number((digits ?? '0').replace(',', '.')));
  const milliseconds =
    ((weeks * 7 + days) * 24 + hours) * 3_600_000 + minutes * 60_000 + Math.round(seconds * 1000);
  const period = { months: years * 12 + months, milliseconds };
  return period.months === 0 && period.milliseconds === 0 ? undefined : period;
}
