import type { EventType } from '../runtime/event-type.ts';
import type { Bound } from './expression.ts';
import type { ColumnPlan } from './plan.ts';

/** `Type[…][…]`: the events inside of the events of a stream, which stand for them behind the filter. */
export interface ContainedPlan {
  readonly steps: readonly ContainedStep[];
  /** What comes out: the events of the last step, or rows of what the steps select. */
  readonly type: EventType;
}

/**
 * One `[select … from property @type(T) as alias where …]`. Its expressions read a tuple: the events of the steps
 * from the innermost to the outermost, and then the event of the stream.
 */
export interface ContainedStep {
  /** The array or the event, over the tuple without the event of this step. */
  readonly source: Bound;
  readonly type: EventType;
  readonly where: Bound | undefined;
  /** Undefined without a select clause. */
  readonly columns: readonly ColumnPlan[] | undefined;
}
