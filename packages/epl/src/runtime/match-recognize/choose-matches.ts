import type { RowPosition } from '../../plan/recognize-plan.ts';
import type { MatchEnd } from './row-partition.ts';
import type { Run } from './run.ts';

/**
 * Of the matches that came together, of each partition and each first row one: the one that ends last, and of these by
 * {@link preferred}. `pastLastRow`: and none whose first row belongs to one before it.
 */
export function chooseMatches(
  ends: readonly MatchEnd[],
  positions: readonly RowPosition[],
  pastLastRow: boolean,
): MatchEnd[] {
  if (ends.length < 2) return [...ends];
  const byPartition = new Map<unknown, Map<number, MatchEnd>>();
  for (const end of ends) {
    let byBegin = byPartition.get(end.partition);
    if (byBegin === undefined) {
      byBegin = new Map();
      byPartition.set(end.partition, byBegin);
    }
    const { beginSequence, endSequence } = end.run;
    const best = byBegin.get(beginSequence);
    const later = best === undefined || endSequence > best.run.endSequence;
    if (later || (endSequence === best.run.endSequence && preferred(end.run, best.run, positions)))
      byBegin.set(beginSequence, end);
  }
  return [...byPartition.values()].flatMap((byBegin) => {
    const sorted = [...byBegin.values()].sort((a, b) => a.run.beginSequence - b.run.beginSequence);
    if (!pastLastRow) return sorted;
    let last = -1;
    return sorted.filter(({ run }) => {
      if (run.beginSequence <= last) return false;
      last = run.endSequence;
      return true;
    });
  });
}

/** All matches that came together, by their first row, and of one first row those that end last before the others. */
export const inOrderOfBegin = (ends: readonly MatchEnd[]): readonly MatchEnd[] =>
  ends.length < 2
    ? ends
    : [...ends].sort(
        ({ run: a }, { run: b }) => a.beginSequence - b.beginSequence || b.endSequence - a.endSequence,
      );

/** All matches whose interval is over, by their first row, and of one first row as they came. */
export const inOrderOfHolding = (ends: readonly MatchEnd[]): readonly MatchEnd[] =>
  [...ends].sort(({ run: a }, { run: b }) => a.beginSequence - b.beginSequence);

/** Of all matches those whose first row belongs to none before, except one that begins there too. */
export function withoutOverlap(ends: readonly MatchEnd[]): readonly MatchEnd[] {
  const last = new Map<unknown, { readonly begin: number; readonly end: number }>();
  return ends.filter(({ partition, run: { beginSequence, endSequence } }) => {
    const before = last.get(partition);
    if (before !== undefined && beginSequence !== before.begin && beginSequence <= before.end) return false;
    if (before?.begin !== beginSequence) last.set(partition, { begin: beginSequence, end: endSequence });
    return true;
  });
}

/**
 * Whether a later candidate takes the place of the best one so far: where any greedy `*` or `?` has taken more rows. That
 * is Esper's own rule (surprises, patterns 11), not the one of SQL.
 */
export function preferred(candidate: Run, best: Run, positions: readonly RowPosition[]): boolean {
  const counts = new Map<number, number>();
  for (let run: Run | undefined = best; run !== undefined; run = run.before) {
    if (positions[run.position].isCounted) counts.set(run.position, (counts.get(run.position) ?? 0) - 1);
  }
  for (let run: Run | undefined = candidate; run !== undefined; run = run.before) {
    if (positions[run.position].isCounted) counts.set(run.position, (counts.get(run.position) ?? 0) + 1);
  }
  return [...counts.values()].some((difference) => difference > 0);
}
