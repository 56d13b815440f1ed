import type { PartitionValues } from '../../compile/evaluator.ts';
import { EplError } from '../../errors.ts';
import type { Partition } from '../context/partition.ts';
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
  readonly partition: PartitionValues | undefined;
  readonly nowMs: number;
  readonly variables: ReadonlyMap<string, unknown>;
  readonly variableStore: Variables;
  readonly stores: Stores;
  readonly name = 'query';
  readonly counters = { rowsOut: 0, dropped: 0 };
  readonly budget: StateBudget;

  /**
   * @param parameters the values of its parameters, by the names of their variables
   * @param partition of a context, in which the query runs
   */
  constructor(runtime: QueryRuntime, parameters: ReadonlyMap<string, unknown>, partition?: Partition) {
    const variables = partition?.variables?.values ?? runtime.variables;
    this.nowMs = runtime.nowMs;
    this.variables = parameters.size === 0 ? variables : new Map([...variables, ...parameters]);
    this.variableStore = partition?.variables ?? runtime.variableStore;
    this.stores = partition?.stores ?? runtime.stores;
    this.partition = partition;
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
