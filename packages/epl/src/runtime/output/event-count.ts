import type { Environment } from '../../compile/evaluator.ts';

/** A number of events, which a variable may have at that time. */
export function eventCount(count: number | string, { variables }: Environment): number {
  if (typeof count === 'number') return count;
  const value = variables?.get(count);
  return typeof value === 'number' ? value : 1;
}
