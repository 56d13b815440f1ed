import type { StatementCounters } from './statement.ts';

/** The counters of a running statement; `retained` is what its budget holds at the moment it is read. */
export class LiveCounters implements StatementCounters {
  eventsIn = 0;
  rowsOut = 0;
  errors = 0;
  dropped = 0;
  timeSpentMs = 0;
  declare readonly retained: number;
  readonly #budget: { readonly held: number };

  constructor(budget: { readonly held: number }) {
    this.#budget = budget;
    // One getter for all counters, which so keep one shape; enumerable as the others are.
    Object.defineProperty(this, 'retained', retained);
  }

  static heldBy(counters: LiveCounters): number {
    return counters.#budget.held;
  }
}

const retained: PropertyDescriptor = {
  enumerable: true,
  get(this: LiveCounters): number {
    return LiveCounters.heldBy(this);
  },
};
