/** The relations of Allen's interval algebra (Communications of the ACM 26:11, 1983), by their names in the language. */
export const intervalMethods = [
  'after',
  'before',
  'coincides',
  'during',
  'finishedBy',
  'finishes',
  'includes',
  'meets',
  'metBy',
  'overlappedBy',
  'overlaps',
  'startedBy',
  'starts',
] as const;

export type IntervalMethod = (typeof intervalMethods)[number];

/** How many time periods each takes behind the other interval. */
export const intervalParameters: Readonly<Record<IntervalMethod, readonly number[]>> = {
  after: [0, 1, 2],
  before: [0, 1, 2],
  coincides: [0, 1, 2],
  during: [0, 1, 2, 4],
  finishedBy: [0, 1],
  finishes: [0, 1],
  includes: [0, 1, 2, 4],
  meets: [0, 1],
  metBy: [0, 1],
  overlappedBy: [0, 1, 2],
  overlaps: [0, 1, 2],
  startedBy: [0, 1],
  starts: [0, 1],
};
