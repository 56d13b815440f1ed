import { EplError } from '../../errors.ts';
import type { SelectHost } from '../select-instance.ts';
import { StateBudget } from '../state-budget.ts';
import type { Stores } from '../store/row-store.ts';
import type { Timer } from '../timers.ts';
import type { Variables } from '../variable-store.ts';

/** What a query needs of the runtime. */
export interface QueryRuntime {
  readonly nowMs: number;
  readonly maxRetained: number;
  readonly variables: ReadonlyMap<string, unknown>;
  readonly variableStore: Variables;
  readonly stores: Stores;
}

/** What stands in the place of a statement while a query runs: nothing outlives it, and what fails ends it. */
export class QueryHost implements SelectHost {
  readonly nowMs: number;
  readonly variables: ReadonlyMap<string, unknown>;
  readonly variableStore: Variables;
  readonly stores: Stores;
  readonly name = 'query';
  readonly counters = { rowsOut: 0, dropped: 0 };
  readonly budget: StateBudget;

  /** @param parameters the values of its parameters, by the names of their variables */
  constructor(runtime: QueryRuntime, parameters: ReadonlyMap<string, unknown>) {
    this.nowMs = runtime.nowMs;
    this.variables =
      parameters.size === 0 ? runtime.variables : new Map([...runtime.variables, ...parameters]);
    this.variableStore = runtime.variableStore;
    this.stores = runtime.stores;
    this.budget = new StateBudget(runtime.maxRetained, 'refuse', this);
  }

  schedule(): Timer {
    throw new EplError('EPL_USAGE', 'a query is over before any time has passed');
  }

  insert(): void {}

  report(): void {}

  markDirty(): void {}

  consume(): void {}

  stop(): void {}

  failed(error: unknown): void {
    throw error;
  }
}
