/** Aggregates of one value. */
export const plainAggregates = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'minever',
  'maxever',
  'median',
  'stddev',
  'avedev',
  'first',
  'last',
  'window',
  'firstever',
  'lastever',
  'countever',
  'nth',
] as const;

/** Aggregates with arguments of their own kind. */
export const specialAggregates = [
  'rate',
  'leaving',
  'sorted',
  'maxby',
  'minby',
  'maxbyever',
  'minbyever',
] as const;

/** Other names of aggregates whose filter is their second argument. */
export const filteredAggregates = {
  fmin: 'min',
  fmax: 'max',
  fminever: 'minever',
  fmaxever: 'maxever',
} as const;

/** The names of all aggregates of the language, in lower case. */
export const aggregateNames: readonly string[] = [
  ...plainAggregates,
  ...specialAggregates,
  ...Object.keys(filteredAggregates),
];
