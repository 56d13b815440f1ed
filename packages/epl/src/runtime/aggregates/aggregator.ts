import type { Stateful } from '../snapshot/state-stream.ts';
/** The running value of one aggregate in one group. */
export interface Aggregator extends Stateful {
  /** An event entered whose argument has this value; null included. */
  enter(value: unknown): void;
  /** An event left that entered with this value. */
  leave(value: unknown): void;
  value(): unknown;
}
