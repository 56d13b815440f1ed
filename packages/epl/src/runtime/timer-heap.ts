import type { Timer } from './timers.ts';

const smallest = 16;

/** Children of a place: with so many the heap is half as deep as with two, and they stand beside each other. */
const width = 4;

/**
 * A heap of timers by (due time, rank, sequence). These stand in columns of their own beside the timers, so that
 * finding a timer's place reads no other timer.
 */
export class TimerHeap {
  private timers: (Timer | undefined)[] = [];
  private dueMs = new Float64Array(smallest);
  private ranks = new Float64Array(smallest);
  private sequences = new Float64Array(smallest);
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Of the next one; Infinity where there is none. */
  get nextDueMs(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.dueMs[0];
  }

  push(timer: Timer): void {
    if (this.count === this.dueMs.length) this.grow();
    this.rise(this.count++, timer);
  }

  /** Takes the next one; there must be one. */
  pop(): Timer {
    const { timers } = this;
    const top = timers[0]!;
    const last = --this.count;
    if (last > 0) this.sink(0, last);
    timers[last] = undefined;
    return top;
  }

  /** Takes all of them, in no order. */
  takeAll(): readonly Timer[] {
    const all = this.timers.slice(0, this.count) as Timer[];
    this.timers = [];
    this.count = 0;
    return all;
  }

  /** Takes out all that do not pass. */
  keep(test: (timer: Timer) => boolean): void {
    const { timers } = this;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const timer = timers[i]!;
      if (test(timer)) timers[kept++] = timer;
    }
    for (let i = kept; i < this.count; i++) timers[i] = undefined;
    this.count = kept;
    for (let i = 0; i < kept; i++) {
      const timer = timers[i]!;
      this.put(i, timer, timer.dueMs, timer.rank, timer.sequence);
    }
    for (let at = Math.floor((kept - 2) / width); at >= 0; at--) this.sink(at, at);
  }

  /** Finds the place of a timer from there upwards. */
  private rise(from: number, timer: Timer): void {
    const { dueMs, rank, sequence } = timer;
    let at = from;
    while (at > 0) {
      const parent = Math.floor((at - 1) / width);
      if (!this.isBefore(dueMs, rank, sequence, parent)) break;
      this.move(parent, at);
      at = parent;
    }
    this.put(at, timer, dueMs, rank, sequence);
  }

  /** Finds the place of what stands at `entry`, which may be behind the end, from there downwards. */
  private sink(from: number, entry: number): void {
    const { count, dueMs: dues, ranks, sequences } = this;
    const timer = this.timers[entry]!;
    const dueMs = dues[entry];
    const rank = ranks[entry];
    const sequence = sequences[entry];
    let at = from;
    for (;;) {
      const first = width * at + 1;
      if (first >= count) break;
      const end = Math.min(first + width, count);
      let child = first;
      for (let other = first + 1; other < end; other++)
        if (this.isBefore(dues[other], ranks[other], sequences[other], child)) child = other;
      if (this.isBefore(dueMs, rank, sequence, child)) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, timer, dueMs, rank, sequence);
  }

  /** Whether these come before those at that place. */
  private isBefore(dueMs: number, rank: number, sequence: number, at: number): boolean {
    const otherMs = this.dueMs[at];
    if (dueMs !== otherMs) return dueMs < otherMs;
    const other = this.ranks[at];
    return rank < other || (rank === other && sequence < this.sequences[at]);
  }

  private move(from: number, to: number): void {
    this.timers[to] = this.timers[from];
    this.dueMs[to] = this.dueMs[from];
    this.ranks[to] = this.ranks[from];
    this.sequences[to] = this.sequences[from];
  }

  private put(at: number, timer: Timer, dueMs: number, rank: number, sequence: number): void {
    this.timers[at] = timer;
    this.dueMs[at] = dueMs;
    this.ranks[at] = rank;
    this.sequences[at] = sequence;
  }

  private grow(): void {
    this.dueMs = doubled(this.dueMs);
    this.ranks = doubled(this.ranks);
    this.sequences = doubled(this.sequences);
  }
}

function doubled(column: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(column.length * 2);
  wider.set(column);
  return wider;
}
