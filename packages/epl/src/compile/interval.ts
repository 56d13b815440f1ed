import type { IntervalMethod } from '../plan/interval-method.ts';

/** Both ends in milliseconds; of a point in time they are equal. */
interface Interval {
  readonly start: number;
  readonly end: number;
}

type Relation = (a: Interval, b: Interval, parameters: readonly number[]) => boolean;

const within = (distance: number, tolerance = 0): boolean => Math.abs(distance) <= tolerance;

/** The distance behind one another: at least a millisecond, at least the one parameter, or between the two. */
function apart(distance: number, parameters: readonly number[]): boolean {
  const [one, other] = parameters;
  if (one === undefined) return distance > 0;
  if (other === undefined) return distance >= one;
  return distance >= Math.min(one, other) && distance <= Math.max(one, other);
}

/**
 * Strictly inside. One parameter is the most that starts and ends may lie apart, two the least and the most, four the
 * least and the most of the starts and then of the ends.
 */
function inside(inner: Interval, outer: Interval, parameters: readonly number[]): boolean {
  const starts = inner.start - outer.start;
  const ends = outer.end - inner.end;
  const [a, b, c, d] = parameters;
  if (a === undefined) return starts > 0 && ends > 0;
  if (b === undefined) return starts > 0 && starts <= a && ends > 0 && ends <= a;
  const [least, most] = c === undefined ? [a, b] : [c, d];
  return starts >= Math.max(a, 1) && starts <= b && ends >= least && ends <= most;
}

/** The first begins before the second and ends in it. The parameters bound how long both last. */
function overlaps(first: Interval, second: Interval, parameters: readonly number[]): boolean {
  const crossing = first.start < second.start && second.start < first.end && first.end < second.end;
  const [one, other] = parameters;
  const shared = first.end - second.start;
  if (!crossing || one === undefined) return crossing;
  return other === undefined ? shared <= one : shared >= one && shared <= other;
}

export const relations: Readonly<Record<IntervalMethod, Relation>> = {
  before: (a, b, parameters) => apart(b.start - a.end, parameters),
  after: (a, b, parameters) => apart(a.start - b.end, parameters),
  coincides: (a, b, [start, end = start]) => within(a.start - b.start, start) && within(a.end - b.end, end),
  during: (a, b, parameters) => inside(a, b, parameters),
  includes: (a, b, parameters) => inside(b, a, parameters),
  finishes: (a, b, [tolerance]) => b.start < a.start && within(a.end - b.end, tolerance),
  finishedBy: (a, b, [tolerance]) => a.start < b.start && within(a.end - b.end, tolerance),
  meets: (a, b, [tolerance]) => within(b.start - a.end, tolerance),
  metBy: (a, b, [tolerance]) => within(a.start - b.end, tolerance),
  overlaps: (a, b, parameters) => overlaps(a, b, parameters),
  overlappedBy: (a, b, parameters) => overlaps(b, a, parameters),
  starts: (a, b, [tolerance]) => within(a.start - b.start, tolerance) && a.end < b.end,
  startedBy: (a, b, [tolerance]) => within(a.start - b.start, tolerance) && a.end > b.end,
};
