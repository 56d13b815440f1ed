import type { RowPosition } from '../../plan/recognize-plan.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { preferred } from './choose-matches.ts';
import type { MatchEnd } from './row-partition.ts';

export interface HeldHost {
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** The interval of matches that were held is over. */
  release(ends: readonly MatchEnd[]): void;
}

/** The matches of one first row, held until the interval behind it is over. */
class Held implements TimerOwner {
  readonly ends: MatchEnd[];
  readonly timer: Timer;
  private readonly owner: HeldMatches;

  constructor(end: MatchEnd, dueMs: number, owner: HeldMatches, host: HeldHost) {
    this.ends = [end];
    this.owner = owner;
    this.timer = host.schedule(dueMs, this);
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

  /** Holds a match until that time. */
  add(end: MatchEnd, dueMs: number): void {
    const { beginSequence } = end.run;
    const held = this.byBegin.get(beginSequence);
    if (held === undefined) this.byBegin.set(beginSequence, new Held(end, dueMs, this, this.host));
    else if (this.all) held.ends.push(end);
    else if (this.isBetter(end, held.ends[0])) held.ends[0] = end;
  }

  /** Those of a partition whose first rows are not among these: they cannot become longer. */
  takeTerminated(partition: MatchEnd['partition'], open: ReadonlySet<number>): MatchEnd[] {
    const ends: MatchEnd[] = [];
    for (const [begin, held] of this.byBegin) {
      if (held.ends[0].partition !== partition || open.has(begin)) continue;
      held.timer.cancelled = true;
      this.byBegin.delete(begin);
      ends.push(...held.ends);
    }
    return ends;
  }

  /** Forgets those for which it is true. */
  forget(test: (end: MatchEnd) => boolean): void {
    for (const [begin, held] of this.byBegin) {
      if (!held.ends.some(test)) continue;
      held.timer.cancelled = true;
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
}
