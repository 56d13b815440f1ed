import type { StateStream } from './snapshot/state-stream.ts';
import type { Timer, TimerKeeper, TimerOwner } from './timers.ts';

/** A timer that stands in a lane: the owner itself, so that none is allocated beside it. */
export interface LaneEntry extends TimerOwner {
  readonly keeper: TimerKeeper;
  readonly owner: TimerOwner;
  dueMs: number;
  sequence: number;
  cancelled: boolean;
  earlier: LaneEntry | undefined;
  later: LaneEntry | undefined;
}

/**
 * Timers of one constant length: they fall due in the order in which they were set, so a list is enough, and one that
 * is no longer wanted leaves it at once. The heap of the runtime holds one timer for the whole lane.
 */
export class TimerLane {
  readonly keeper: TimerKeeper;
  /** Stands in the heap for the first entry, or for one that has left. */
  readonly head: Timer;
  armed = false;
  first: LaneEntry | undefined;
  private last: LaneEntry | undefined;
  /** Those of a snapshot, until all of them are here. */
  private revived: LaneEntry[] = [];

  constructor(keeper: TimerKeeper, createHead: (lane: TimerLane) => Timer) {
    this.keeper = keeper;
    this.head = createHead(this);
  }

  /** Files the entry behind all that fall due no later: at the end, unless the clock went back. */
  add(entry: LaneEntry): void {
    let before = this.last;
    while (before !== undefined && before.dueMs > entry.dueMs) before = before.earlier;
    const after = before === undefined ? this.first : before.later;
    entry.earlier = before;
    entry.later = after;
    if (before === undefined) this.first = entry;
    else before.later = entry;
    if (after === undefined) this.last = entry;
    else after.earlier = entry;
  }

  remove(entry: LaneEntry): void {
    const { earlier, later } = entry;
    if (earlier === undefined && this.first !== entry) return;
    if (earlier === undefined) this.first = later;
    else earlier.later = later;
    if (later === undefined) this.last = earlier;
    else later.earlier = earlier;
    entry.earlier = undefined;
    entry.later = undefined;
  }

  /** Forgets its entries. */
  clear(): void {
    this.first = undefined;
    this.last = undefined;
    this.revived = [];
  }

  /** An entry of a snapshot, with its old due time and its old place in the order of all timers. */
  revive(entry: LaneEntry): void {
    this.revived.push(entry);
  }

  /** The entries belong to those who have them. */
  saveOrLoad(state: StateStream): void {
    if (!state.loading) return;
    const { revived } = this;
    this.clear();
    revived.sort((a, b) => a.dueMs - b.dueMs || a.sequence - b.sequence);
    for (const entry of revived) this.add(entry);
    state.lane(this);
  }
}
