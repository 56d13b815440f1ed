import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

type Ordered = number | bigint | string;

/** The heap may hold this many dead values beyond twice the living ones before it is rebuilt. */
const slack = 32;

/**
 * `min` and `max` over events that also leave: how often each value is there, and a heap of the values. A value that
 * died stays in the heap until it comes to the top or the heap is rebuilt, so the heap stays within twice the living.
 */
export class Extreme implements Aggregator {
  private readonly max: boolean;
  private readonly counts = new Map<Ordered, number>();
  private heap: Ordered[] = [];
  private living = 0;

  constructor(max: boolean) {
    this.max = max;
  }

  enter(value: unknown): void {
    if (value === null) return;
    const key = value as Ordered;
    const count = this.counts.get(key);
    if (count === undefined) this.push(key);
    if (count === undefined || count === 0) this.living++;
    this.counts.set(key, (count ?? 0) + 1);
  }

  leave(value: unknown): void {
    if (value === null) return;
    const key = value as Ordered;
    const count = this.counts.get(key);
    if (count === undefined || count === 0) return;
    this.counts.set(key, count - 1);
    if (count > 1) return;
    this.living--;
    if (this.heap.length > 2 * this.living + slack) this.rebuild();
  }

  value(): unknown {
    while (this.heap.length > 0) {
      const top = this.heap[0];
      if (this.counts.get(top)! > 0) return top;
      this.counts.delete(top);
      this.pop();
    }
    return null;
  }

  private above(a: Ordered, b: Ordered): boolean {
    return this.max ? a > b : a < b;
  }

  private push(value: Ordered): void {
    const { heap } = this;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.above(value, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = value;
  }

  private pop(): void {
    const { heap } = this;
    const moved = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.above(heap[child + 1], heap[child])) child++;
      if (!this.above(heap[child], moved)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }

  private rebuild(): void {
    this.heap = [];
    for (const [value, count] of this.counts) {
      if (count > 0) this.push(value);
      else this.counts.delete(value);
    }
  }

  saveOrLoad(state: StateStream): void {
    this.value();
    const values = state.values(this.counts.keys(), this.counts.size);
    const counts = state.numbers([...this.counts.values()]);
    if (!state.loading) return;
    this.counts.clear();
    this.living = 0;
    for (const [i, value] of values.entries()) {
      this.counts.set(value, counts[i]);
      if (counts[i] > 0) this.living++;
    }
    this.rebuild();
  }
}

/** `min` and `max` where nothing leaves, and `minever`, `maxever`. */
export class ExtremeEver implements Aggregator {
  private readonly max: boolean;
  private extreme: Ordered | null = null;

  constructor(max: boolean) {
    this.max = max;
  }

  enter(value: unknown): void {
    if (value === null) return;
    const candidate = value as Ordered;
    if (this.extreme === null || (this.max ? candidate > this.extreme : candidate < this.extreme))
      this.extreme = candidate;
  }

  leave(): void {}

  value(): unknown {
    return this.extreme;
  }

  saveOrLoad(state: StateStream): void {
    this.extreme = state.value(this.extreme);
  }
}
