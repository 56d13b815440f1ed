import type { StateStream } from '../snapshot/state-stream.ts';
import type { Aggregator } from './aggregator.ts';

type Ordered = number | bigint | string;

/** Values that have left may stand before the first one, up to this many and no more than those behind it. */
const slack = 16;

/**
 * `min` and `max` over events that leave in the order in which they came: the values that may yet become the extreme,
 * each no less extreme than those behind it. A value takes the lesser ones before it away, since it stays longer.
 */
export class ExtremeInOrder implements Aggregator {
  private readonly max: boolean;
  private values: Ordered[] = [];
  private first = 0;

  constructor(max: boolean) {
    this.max = max;
  }

  enter(value: unknown): void {
    if (value === null) return;
    const { values, first, max } = this;
    const entering = value as Ordered;
    let last = values.length - 1;
    while (last >= first && (max ? values[last] < entering : values[last] > entering)) last--;
    // Overwritten in place: mostly one or two make room for the new one.
    while (values.length > last + 2) values.pop();
    // An array that is made whole is much smaller than one that has grown: most groups have few values.
    if (values.length === 0) this.values = [entering];
    else values[last + 1] = entering;
  }

  leave(value: unknown): void {
    const { values, first } = this;
    if (value === null || first === values.length || !Object.is(values[first], value)) return;
    this.first++;
    if (this.first < slack || this.first * 2 < values.length) return;
    this.values = values.slice(this.first);
    this.first = 0;
  }

  value(): unknown {
    return this.first < this.values.length ? this.values[this.first] : null;
  }

  saveOrLoad(state: StateStream): void {
    const { values, first } = this;
    this.values = state.values(values.slice(first), values.length - first);
    this.first = 0;
  }
}
