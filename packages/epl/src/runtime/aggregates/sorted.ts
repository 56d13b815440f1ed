import { compareValues } from '../row-order.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** An event and its sort keys. */
type Entry = readonly unknown[];

const eventOf = (entry: Entry): unknown => entry[0];

function compareEntries(a: Entry, b: Entry, descending: readonly boolean[]): number {
  for (let i = 0; i < descending.length; i++) {
    const order = compareValues(a[i + 1], b[i + 1]);
    if (order !== 0) return descending[i] ? -order : order;
  }
  return 0;
}

/** `sorted`, `maxby`, `minby`: the events in the order of their keys, equal ones in the order of their arrival. */
export class SortedEvents implements Aggregator {
  private readonly answer: 'sorted' | 'maxby' | 'minby';
  private readonly descending: readonly boolean[];
  private readonly entries: Entry[] = [];

  constructor(answer: 'sorted' | 'maxby' | 'minby', descending: readonly boolean[]) {
    this.answer = answer;
    this.descending = descending;
  }

  enter(value: unknown): void {
    const entry = value as Entry;
    this.entries.splice(this.place(entry, true), 0, entry);
  }

  leave(value: unknown): void {
    const entry = value as Entry;
    const end = this.place(entry, true);
    for (let at = this.place(entry, false); at < end; at++) {
      if (eventOf(this.entries[at]) !== eventOf(entry)) continue;
      this.entries.splice(at, 1);
      return;
    }
  }

  value(): unknown {
    const { entries, answer } = this;
    if (entries.length === 0) return null;
    if (answer === 'sorted') return entries.map(eventOf);
    // Of equal keys the earliest: for the largest that is not the last of the list.
    return eventOf(answer === 'minby' ? entries[0] : entries[this.place(entries[entries.length - 1], false)]);
  }

  /** The place before the entries with equal keys, or behind them. */
  private place(entry: Entry, behind: boolean): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareEntries(this.entries[middle], entry, this.descending);
      if (order < 0 || (behind && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  saveOrLoad(state: StateStream): void {
    const entries = state.values(this.entries, this.entries.length);
    if (!state.loading) return;
    this.entries.length = 0;
    for (const entry of entries) this.entries.push(entry);
  }
}

/** `maxbyever`, `minbyever`, and `maxby`, `minby` where nothing leaves. */
export class ExtremeEventEver implements Aggregator {
  private readonly max: boolean;
  private readonly descending: readonly boolean[];
  private best: Entry | undefined;

  constructor(max: boolean, descending: readonly boolean[]) {
    this.max = max;
    this.descending = descending;
  }

  enter(value: unknown): void {
    const entry = value as Entry;
    if (this.best !== undefined) {
      const order = compareEntries(entry, this.best, this.descending);
      if (this.max ? order <= 0 : order >= 0) return;
    }
    this.best = entry;
  }

  leave(): void {}

  value(): unknown {
    return this.best === undefined ? null : eventOf(this.best);
  }

  saveOrLoad(state: StateStream): void {
    this.best = state.value(this.best);
  }
}
