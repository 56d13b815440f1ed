import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** `count(*)`. */
export class CountAll implements Aggregator {
  private count = 0;

  enter(): void {
    this.count++;
  }

  leave(): void {
    this.count--;
  }

  value(): number {
    return this.count;
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
  }
}

/** `count(x)`: nulls do not count. */
export class CountValues implements Aggregator {
  private count = 0;

  enter(value: unknown): void {
    if (value !== null) this.count++;
  }

  leave(value: unknown): void {
    if (value !== null) this.count--;
  }

  value(): number {
    return this.count;
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
  }
}

/** `countever`: what has left still counts. */
export class CountEver implements Aggregator {
  private readonly all: boolean;
  private count = 0;

  constructor(all: boolean) {
    this.all = all;
  }

  enter(value: unknown): void {
    if (this.all || value !== null) this.count++;
  }

  leave(): void {}

  value(): number {
    return this.count;
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
  }
}
