import { addLong, bigArithmetic, type Long, subtractLong, toDouble, wrapInt } from '../../long.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

/** Sum of longs, exact and wrapping at 64 bits. Null while nothing but nulls is in it. */
export class SumLong implements Aggregator {
  private sum: Long = 0;
  private count = 0;

  enter(value: unknown): void {
    if (value === null) return;
    this.sum = addLong(this.sum, value as Long);
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    this.sum = subtractLong(this.sum, value as Long);
    this.count--;
  }

  value(): Long | null {
    return this.count === 0 ? null : this.sum;
  }

  saveOrLoad(state: StateStream): void {
    this.sum = state.value(this.sum);
    this.count = state.number(this.count);
  }
}

/** Sum of whole numbers of any size. */
export class SumBig implements Aggregator {
  private sum: Long = 0;
  private count = 0;

  enter(value: unknown): void {
    if (value === null) return;
    this.sum = bigArithmetic('+', this.sum, value as Long)!;
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    this.sum = bigArithmetic('-', this.sum, value as Long)!;
    this.count--;
  }

  value(): Long | null {
    return this.count === 0 ? null : this.sum;
  }

  saveOrLoad(state: StateStream): void {
    this.sum = state.value(this.sum);
    this.count = state.number(this.count);
  }
}

const isWide = (value: unknown): boolean => typeof value !== 'number' || value !== (value | 0);

/**
 * Sum of ints. Wraps at 32 bits as Esper's does, unless a value wider than its declared int is among them: such values
 * are data and their sum is exact.
 */
export class SumInt implements Aggregator {
  private sum: Long = 0;
  private count = 0;
  /** How many of the values do not fit an int. */
  private wide = 0;

  enter(value: unknown): void {
    if (value === null) return;
    if (isWide(value)) this.wide++;
    this.sum = addLong(this.sum, value as Long);
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    if (isWide(value)) this.wide--;
    this.sum = subtractLong(this.sum, value as Long);
    this.count--;
  }

  value(): Long | null {
    if (this.count === 0) return null;
    return this.wide > 0 ? this.sum : wrapInt(0, 0, this.sum);
  }

  saveOrLoad(state: StateStream): void {
    this.sum = state.value(this.sum);
    this.count = state.number(this.count);
    this.wide = state.number(this.wide);
  }
}

export class SumDouble implements Aggregator {
  private sum = 0;
  private count = 0;

  enter(value: unknown): void {
    if (value === null) return;
    this.sum += toDouble(value as Long);
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    this.sum -= toDouble(value as Long);
    // Starting afresh also takes away what rounding has left.
    if (--this.count === 0) this.sum = 0;
  }

  value(): number | null {
    return this.count === 0 ? null : this.sum;
  }

  saveOrLoad(state: StateStream): void {
    this.sum = state.number(this.sum);
    this.count = state.number(this.count);
  }
}

/** `avg`: always a double. */
export class Average implements Aggregator {
  private sum = 0;
  private count = 0;

  enter(value: unknown): void {
    if (value === null) return;
    this.sum += toDouble(value as Long);
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    this.sum -= toDouble(value as Long);
    if (--this.count === 0) this.sum = 0;
  }

  value(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  saveOrLoad(state: StateStream): void {
    this.sum = state.number(this.sum);
    this.count = state.number(this.count);
  }
}

/** `avg` of ints: their sum wraps as that of {@link SumInt}. */
export class AverageInt implements Aggregator {
  private readonly sum = new SumInt();
  private count = 0;

  enter(value: unknown): void {
    if (value === null) return;
    this.sum.enter(value);
    this.count++;
  }

  leave(value: unknown): void {
    if (value === null) return;
    this.sum.leave(value);
    this.count--;
  }

  value(): number | null {
    const sum = this.sum.value();
    return sum === null ? null : toDouble(sum) / this.count;
  }

  saveOrLoad(state: StateStream): void {
    this.sum.saveOrLoad(state);
    this.count = state.number(this.count);
  }
}
