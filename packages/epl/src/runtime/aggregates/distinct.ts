import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** Passes each value on once, however often it is there. */
export class Distinct implements Aggregator {
  private readonly inner: Aggregator;
  private readonly counts = new Map<unknown, number>();

  constructor(inner: Aggregator) {
    this.inner = inner;
  }

  enter(value: unknown): void {
    const count = this.counts.get(value) ?? 0;
    this.counts.set(value, count + 1);
    if (count === 0) this.inner.enter(value);
  }

  leave(value: unknown): void {
    const count = this.counts.get(value);
    if (count === undefined) return;
    if (count > 1) this.counts.set(value, count - 1);
    else {
      this.counts.delete(value);
      this.inner.leave(value);
    }
  }

  value(): unknown {
    return this.inner.value();
  }

  saveOrLoad(state: StateStream): void {
    this.inner.saveOrLoad(state);
    const values = state.values(this.counts.keys(), this.counts.size);
    const counts = state.numbers([...this.counts.values()]);
    if (!state.loading) return;
    this.counts.clear();
    for (const [i, value] of values.entries()) this.counts.set(value, counts[i]);
  }
}
