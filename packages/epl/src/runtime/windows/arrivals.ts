import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';

/**
 * How many events came when, in their order: a ring of times and counts by turns, that doubles, and halves when it is
 * nearly empty. Events that come together take one entry. There may be a great many of these of few events, so it is
 * an array of the heap, and small at first.
 */
export class Arrivals {
  private entries = emptyEntries(smallest);
  /** In entries. */
  private head = 0;
  private used = 0;

  get isEmpty(): boolean {
    return this.used === 0;
  }

  /** Of the oldest; there must be one. */
  get firstTimeMs(): number {
    return this.entries[2 * this.head];
  }

  push(timeMs: number): void {
    const { entries, used } = this;
    if (used > 0) {
      const last = this.place(used - 1);
      if (entries[last] === timeMs) {
        entries[last + 1]++;
        return;
      }
    }
    if (2 * used === entries.length) this.resize(2 * entries.length);
    const at = this.place(this.used++);
    this.entries[at] = timeMs;
    this.entries[at + 1] = 1;
  }

  /** Takes all that came at the time of the oldest, and says how many they are; there must be one. */
  shiftTogether(): number {
    const count = this.entries[2 * this.head + 1];
    this.advance();
    return count;
  }

  /** Takes the oldest; there must be one. */
  shift(): void {
    if (--this.entries[2 * this.head + 1] === 0) this.advance();
  }

  private advance(): void {
    const { entries } = this;
    this.head = this.place(1) >> 1;
    this.used--;
    if (entries.length > 2 * smallest && this.used * 16 < entries.length) this.resize(entries.length >> 1);
  }

  /** Where the entry of that number, from the oldest on, stands. */
  private place(number: number): number {
    return (2 * (this.head + number)) & (this.entries.length - 1);
  }

  private resize(length: number): void {
    const next = emptyEntries(length >> 1);
    for (let i = 0; i < this.used; i++) {
      const from = this.place(i);
      next[2 * i] = this.entries[from];
      next[2 * i + 1] = this.entries[from + 1];
    }
    this.entries = next;
    this.head = 0;
  }

  saveOrLoad(state: StateStream): void {
    const times = state.numbers(state.loading ? [] : this.column(0));
    const counts = state.numbers(state.loading ? [] : this.column(1));
    if (!state.loading) return;
    if (times.length !== counts.length) throw new UnfitState('times and counts of events differ');
    this.entries = emptyEntries(smallest);
    this.head = 0;
    this.used = 0;
    for (let i = 0; i < times.length; i++) {
      if (!(counts[i] >= 1) || !Number.isInteger(counts[i])) throw new UnfitState('no count of events');
      if (2 * this.used === this.entries.length) this.resize(2 * this.entries.length);
      const at = this.place(this.used++);
      this.entries[at] = times[i];
      this.entries[at + 1] = counts[i];
    }
  }

  /** 0: the times, 1: the counts. */
  private column(offset: 0 | 1): Float64Array {
    return Float64Array.from({ length: this.used }, (_, i) => this.entries[this.place(i) + offset]);
  }
}

const smallest = 4;
/** No whole numbers, so that the engine keeps plain doubles from the beginning. */
const emptyEntries = (size: number): number[] => new Array(2 * size).fill(0.5);
