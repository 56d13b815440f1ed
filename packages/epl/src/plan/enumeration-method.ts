/** The methods that take an array apart, by their names as documentation writes them. */
export const enumerationMethods = [
  'aggregate',
  'allOf',
  'anyOf',
  'arrayOf',
  'average',
  'countOf',
  'distinctOf',
  'except',
  'firstOf',
  'groupBy',
  'intersect',
  'lastOf',
  'leastFrequent',
  'max',
  'maxBy',
  'min',
  'minBy',
  'mostFrequent',
  'orderBy',
  'orderByDesc',
  'reverse',
  'selectFrom',
  'sequenceEqual',
  'sumOf',
  'take',
  'takeLast',
  'takeWhile',
  'takeWhileLast',
  'toMap',
  'union',
  'where',
] as const;

export type EnumerationMethod = (typeof enumerationMethods)[number];

const byLowerCase: ReadonlyMap<string, EnumerationMethod> = new Map(
  enumerationMethods.map((method) => [method.toLowerCase(), method]),
);

/** The method of that name, which is written in any case. */
export const enumerationMethod = (name: string): EnumerationMethod | undefined =>
  byLowerCase.get(name.toLowerCase());
