import type { RowPosition } from '../../plan/recognize-plan.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { preferred } from './choose-matches.ts';
import type { MatchEnd } from './row-partition.ts';
import type { RunTable } from './run-table.ts';

export interface HeldHost {
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** The interval of matches that were held is over. */
  release(ends: readonly MatchEnd[]): void;
}

/** The matches of one first row, held until the interval behind it is over. */
class Held implements TimerOwner {
  readonly ends: MatchEnd[] = [];
  timer: Timer | undefined;
  private readonly owner: HeldMatches;

  constructor(owner: HeldMatches) {
    this.owner = owner;
  }

  cancel(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  onTimer(): void {
    this.owner.due(this);
  }
}

/** Matches that wait for the end of an interval, by the number of their first row. */
export class HeldMatches {
  private readonly host: HeldHost;
  private readonly positions: readonly RowPosition[];
  private readonly all: boolean;
  private readonly byBegin = new Map<number, Held>();

  /** @param all whether every match is given, or of each first row the longest */
  constructor(host: HeldHost, positions: readonly RowPosition[], all: boolean) {
    this.host = host;
    this.positions = positions;
    this.all = all;
  }

  get count(): number {
    return this.byBegin.size;
  }

  /**
   * Whether a match waits for its time. Beside others that began at the same time it does; the first of them only where
   * less of the interval is over than is left, as in Esper. `released`: when those began that the same row has released.
   */
  takes(
    { run: { beginMs } }: MatchEnd,
    dueMs: number,
    nowMs: number,
    released: ReadonlySet<number>,
  ): boolean {
    if (dueMs <= nowMs) return false;
    if (nowMs - beginMs < dueMs - nowMs || released.has(beginMs)) return true;
    for (const { ends } of this.byBegin.values()) if (ends[0].run.beginMs === beginMs) return true;
    return false;
  }

  /** Holds a match until that time. */
  add(end: MatchEnd, dueMs: number): void {
    const { beginSequence } = end.run;
    const held = this.byBegin.get(beginSequence);
    if (held === undefined) {
      const begun = new Held(this);
      begun.ends.push(end);
      begun.timer = this.host.schedule(dueMs, begun);
      this.byBegin.set(beginSequence, begun);
    } else if (this.all) held.ends.push(end);
    else if (this.isBetter(end, held.ends[0])) held.ends[0] = end;
  }

  /** Those of these first rows: they wait no longer. */
  takeTerminated(begins: ReadonlySet<number>): MatchEnd[] {
    const ends: MatchEnd[] = [];
    for (const begin of begins) {
      const held = this.byBegin.get(begin);
      if (held === undefined) continue;
      held.cancel();
      this.byBegin.delete(begin);
      ends.push(...held.ends);
    }
    return ends;
  }

  /** Forgets those for which it is true. */
  forget(test: (end: MatchEnd) => boolean): void {
    for (const [begin, held] of this.byBegin) {
      if (!held.ends.some(test)) continue;
      held.cancel();
      this.byBegin.delete(begin);
    }
  }

  due(held: Held): void {
    this.byBegin.delete(held.ends[0].run.beginSequence);
    this.host.release(held.ends);
  }

  stop(): void {
    this.forget(() => true);
  }

  private isBetter({ run }: MatchEnd, { run: best }: MatchEnd): boolean {
    if (run.endSequence !== best.endSequence) return run.endSequence > best.endSequence;
    return preferred(run, best, this.positions);
  }

  saveOrLoad(state: StateStream, runs: RunTable): void {
    const known = [...this.byBegin.values()];
    const count = state.count(known.length);
    if (state.loading) {
      this.stop();
      known.length = 0;
    }
    for (let i = 0; i < count; i++) {
      const held = known[i] ?? new Held(this);
      const ends = state.count(held.ends.length);
      for (let j = 0; j < ends; j++) {
        const partition = state.refer(held.ends[j]?.partition);
        const run = runs.saveOrLoad(held.ends[j]?.run);
        if (partition === undefined) throw new UnfitState('a match stands in no partition');
        held.ends[j] = { partition, run };
      }
      if (ends === 0) throw new UnfitState('a match is missing');
      held.timer = state.timer(held.timer, held, this.host);
      this.byBegin.set(held.ends[0].run.beginSequence, held);
    }
  }
}
