import { type Long, toDouble } from '../../long.ts';
import { InOrder } from '../in-order.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** `rate(seconds)`: events a second over the last so many seconds of engine time; null until the first has passed. */
export class Rate implements Aggregator {
  private readonly seconds: number;
  private readonly arrivals = new InOrder<number>();
  private passed = false;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** The argument is the engine time. */
  enter(value: unknown): void {
    const nowMs = value as number;
    this.arrivals.push(nowMs);
    for (
      let oldest = this.arrivals.at(0)!;
      oldest <= nowMs - this.seconds * 1000;
      oldest = this.arrivals.at(0)!
    ) {
      this.arrivals.remove(oldest);
      this.passed = true;
    }
  }

  leave(): void {}

  value(): number | null {
    return this.passed ? this.arrivals.length / this.seconds : null;
  }

  saveOrLoad(state: StateStream): void {
    this.arrivals.saveOrLoad(state);
    this.passed = state.flag(this.passed);
  }
}

/**
 * `rate(timestamp [, amount])` over a data window: events or amounts a second, between the timestamp of the latest
 * event to leave and that of the latest to enter. Null until the first has left.
 */
export class RateOfWindow implements Aggregator {
  private latestMs = 0;
  private oldestMs: number | undefined;
  private amount = 0;

  enter(value: unknown): void {
    const [timestamp, amount] = value as readonly (Long | null)[];
    if (timestamp === null) return;
    this.latestMs = toDouble(timestamp);
    this.amount += amountOf(amount);
  }

  leave(value: unknown): void {
    const [timestamp, amount] = value as readonly (Long | null)[];
    if (timestamp === null) return;
    this.oldestMs = toDouble(timestamp);
    this.amount -= amountOf(amount);
  }

  value(): number | null {
    if (this.oldestMs === undefined || this.latestMs === this.oldestMs) return null;
    return (this.amount * 1000) / (this.latestMs - this.oldestMs);
  }

  saveOrLoad(state: StateStream): void {
    this.latestMs = state.number(this.latestMs);
    this.oldestMs = state.value(this.oldestMs);
    this.amount = state.number(this.amount);
  }
}

const amountOf = (amount: Long | null | undefined): number =>
  amount === undefined ? 1 : amount === null ? 0 : toDouble(amount);
