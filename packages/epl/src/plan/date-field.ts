/** A field of the calendar. */
export type DateField = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const spellings: Readonly<Record<DateField, readonly string[]>> = {
  year: ['year', 'years'],
  month: ['month', 'months'],
  week: ['week', 'weeks'],
  day: ['day', 'days'],
  hour: ['hour', 'hours'],
  minute: ['min', 'minute', 'minutes'],
  second: ['sec', 'second', 'seconds'],
  millisecond: ['msec', 'millisecond', 'milliseconds'],
};

const fields = new Map<string, DateField>(
  Object.entries(spellings).flatMap(([field, words]) =>
    words.map((word) => [word, field as DateField] as const),
  ),
);

/** The field that the word stands for, in any case. */
export const dateField = (word: string): DateField | undefined => fields.get(word.trim().toLowerCase());

export const dateFieldSpellings: readonly string[] = [...fields.keys()];
