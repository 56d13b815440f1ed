import { compileExpression } from '../../compile/compile-expression.ts';
import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { JoinRange } from '../../plan/plan.ts';
import { compareValues } from '../row-order.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type RangeEnd, SortedIndex } from '../store/sorted-index.ts';
import type { EventIndex, JoinHost, Many, WindowIndex } from './join-index.ts';

/** The events of one stream in the order of a value: finds those between bounds that others give. */
export class RangeIndex implements WindowIndex {
  readonly plan: JoinRange;
  private readonly sorted: SortedIndex;

  constructor(plan: JoinRange) {
    this.plan = plan;
    this.sorted = new SortedIndex(plan.key);
  }

  add(event: Subject, host: JoinHost): void {
    try {
      this.sorted.add(event, host);
    } catch (error) {
      host.failed(error);
    }
  }

  remove(event: Subject, host: JoinHost): void {
    try {
      this.sorted.remove(event, host);
    } catch (error) {
      host.failed(error);
    }
  }

  /** `bounds`: the lower one, the upper one, as {@link boundsOf} gives them. */
  find(bounds: readonly Evaluator[], tuple: Subject, host: JoinHost): Many | undefined {
    const ends = this.ends(bounds, tuple, host);
    return ends && [...this.sorted.range(ends.low, ends.high)];
  }

  /** Undefined where a bound is missing or no number: nothing is above or below it. */
  ends(bounds: readonly Evaluator[], tuple: Subject, host: JoinHost): Ends | undefined {
    const { low, high, eitherWay } = this.plan;
    try {
      const values = bounds.map((bound) => bound(tuple, null, host));
      if (values.some((value) => value === null || Number.isNaN(value))) return undefined;
      const first = low && { value: values[0], included: low.included };
      const last = high && { value: values[values.length - 1], included: high.included };
      const swapped = eitherWay && first && last && compareValues(first.value, last.value) > 0;
      return swapped ? { low: last, high: first } : { low: first, high: last };
    } catch (error) {
      host.failed(error);
      return undefined;
    }
  }

  count({ low, high }: Ends): number {
    return this.sorted.count(low, high);
  }

  between({ low, high }: Ends): Iterable<Subject> {
    return this.sorted.range(low, high);
  }

  all(): Iterable<Subject> {
    return this.sorted.range(undefined, undefined);
  }

  saveOrLoad(state: StateStream): void {
    this.sorted.saveOrLoad(state);
  }
}

interface Ends {
  readonly low: RangeEnd | undefined;
  readonly high: RangeEnd | undefined;
}

/** Several ranges that hold together: each lookup takes the one in which the fewest events stand. */
export class RangeChoice implements EventIndex {
  private readonly choices: readonly { readonly index: RangeIndex; readonly bounds: readonly Evaluator[] }[];

  constructor(indexes: readonly RangeIndex[]) {
    this.choices = indexes.map((index) => ({ index, bounds: boundsOf(index.plan) }));
  }

  find(_keys: readonly Evaluator[], tuple: Subject, host: JoinHost): Many | undefined {
    let fewest = Number.POSITIVE_INFINITY;
    let found: Iterable<Subject> = [];
    for (const { index, bounds } of this.choices) {
      const ends = index.ends(bounds, tuple, host);
      if (ends === undefined) return undefined;
      const count = index.count(ends);
      if (count >= fewest) continue;
      fewest = count;
      found = index.between(ends);
    }
    return [...found];
  }

  all(): Iterable<Subject> {
    return this.choices[0].index.all();
  }
}

/** The functions of the bounds that there are, over the tuple of the streams that give them. */
export const boundsOf = ({ low, high }: JoinRange): readonly Evaluator[] =>
  [low, high].flatMap((bound) => (bound === undefined ? [] : [compileExpression(bound.value, true)]));
