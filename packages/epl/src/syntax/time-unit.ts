/** Fixed lengths, in milliseconds; months and years follow the calendar and have none. */
export type TimeUnit =
  | 'year'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond';

const spellings: Readonly<Record<TimeUnit, readonly string[]>> = {
  year: ['year', 'years'],
  month: ['month', 'months'],
  week: ['week', 'weeks'],
  day: ['day', 'days'],
  hour: ['hour', 'hours'],
  minute: ['minute', 'minutes', 'min'],
  second: ['second', 'seconds', 'sec'],
  millisecond: ['millisecond', 'milliseconds', 'msec'],
  microsecond: ['microsecond', 'microseconds', 'usec'],
};

const units = new Map<string, TimeUnit>(
  Object.entries(spellings).flatMap(([unit, words]) =>
    words.map((word) => [word, unit as TimeUnit] as const),
  ),
);

/** The unit that the word, in lower case, stands for. */
export const timeUnit = (keyword: string): TimeUnit | undefined => units.get(keyword);

/** From the longest to the shortest. */
export const timeUnits = Object.keys(spellings) as readonly TimeUnit[];

export const timeUnitSpellings: readonly string[] = [...units.keys()];

export const unitMilliseconds: Readonly<Record<Exclude<TimeUnit, 'year' | 'month'>, number>> = {
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
  microsecond: 0.001,
};
