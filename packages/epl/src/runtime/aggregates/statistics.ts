import { type Long, toDouble } from '../../long.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** The middle of the sorted values; the mean of the two middle ones where their number is even. */
export class Median implements Aggregator {
  private readonly sorted: number[] = [];

  enter(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    this.sorted.splice(this.place(number), 0, number);
  }

  leave(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    const at = this.place(number);
    if (this.sorted[at] === number) this.sorted.splice(at, 1);
  }

  value(): number | null {
    const { sorted } = this;
    if (sorted.length === 0) return null;
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The first place whose value is not smaller. */
  private place(number: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle] < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  saveOrLoad(state: StateStream): void {
    const sorted = state.numbers(this.sorted);
    if (!state.loading) return;
    this.sorted.length = 0;
    for (let i = 0; i < sorted.length; i++) this.sorted.push(sorted[i]);
  }
}

/** The sample standard deviation (n - 1), by Welford's recurrence, which also runs backwards. Null below two values. */
export class StandardDeviation implements Aggregator {
  private count = 0;
  private mean = 0;
  private squares = 0;

  enter(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    const delta = number - this.mean;
    this.mean += delta / ++this.count;
    this.squares += delta * (number - this.mean);
  }

  leave(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    if (--this.count === 0) {
      this.mean = 0;
      this.squares = 0;
      return;
    }
    const delta = number - this.mean;
    this.mean -= delta / this.count;
    this.squares -= delta * (number - this.mean);
  }

  value(): number | null {
    return this.count < 2 ? null : Math.sqrt(Math.max(0, this.squares) / (this.count - 1));
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
    this.mean = state.number(this.mean);
    this.squares = state.number(this.squares);
  }
}

/** The mean distance from the mean. */
export class AverageDeviation implements Aggregator {
  private readonly counts = new Map<number, number>();
  private count = 0;
  private sum = 0;

  enter(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    this.counts.set(number, (this.counts.get(number) ?? 0) + 1);
    this.count++;
    this.sum += number;
  }

  leave(value: unknown): void {
    if (value === null) return;
    const number = toDouble(value as Long);
    const times = this.counts.get(number);
    if (times === undefined) return;
    if (times > 1) this.counts.set(number, times - 1);
    else this.counts.delete(number);
    this.count--;
    this.sum -= number;
  }

  value(): number | null {
    if (this.count === 0) return null;
    const mean = this.sum / this.count;
    let distance = 0;
    for (const [number, times] of this.counts) distance += Math.abs(number - mean) * times;
    return distance / this.count;
  }

  saveOrLoad(state: StateStream): void {
    const values = state.numbers([...this.counts.keys()]);
    const counts = state.numbers([...this.counts.values()]);
    this.count = state.number(this.count);
    this.sum = state.number(this.sum);
    if (!state.loading) return;
    this.counts.clear();
    for (let i = 0; i < values.length; i++) this.counts.set(values[i], counts[i]);
  }
}
