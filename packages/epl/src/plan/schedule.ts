/** The points in time of a crontab, in UTC: those whose every part is among the allowed ones. */
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
}

/** Years that are searched for a point: a day that does not come in these, such as the 30th of February, never comes. */
const mostYears = 30;

/** The first point behind a time; undefined where there is none. */
export function nextPoint(schedule: Schedule, timeMs: number): number | undefined {
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
function isDay({ days, weekdays }: Schedule, at: Date): boolean {
  const [day, weekday] = [days.includes(at.getUTCDate()), weekdays.includes(at.getUTCDay())];
  return days.length < 31 && weekdays.length < 7 ? day || weekday : day && weekday;
}
