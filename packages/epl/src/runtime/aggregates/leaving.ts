import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** `leaving()`: whether any event has left yet. */
export class Leaving implements Aggregator {
  private any = false;

  enter(): void {}

  leave(): void {
    this.any = true;
  }

  value(): boolean {
    return this.any;
  }

  saveOrLoad(state: StateStream): void {
    this.any = state.flag(this.any);
  }
}
