import type { Environment } from '../compile/evaluator.ts';
import type { SubqueryProgram } from '../compile/subquery-program.ts';
import type { ConsumerOwner, ConsumerWindow } from './named-window/consumer-window.ts';
import type { SelectHost } from './select-instance.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import type { Stores } from './store/row-store.ts';
import { SubqueryState } from './subquery/subquery-state.ts';
import type { Timer, TimerOwner } from './timers.ts';
import type { Variables } from './variable-store.ts';
import type { WindowHost } from './windows/data-window.ts';

/**
 * What the expressions and windows of a statement that is no select may ask: its subqueries are its only state.
 * SelectInstance says the same for itself: as a subclass of this it ran a quarter slower (`npm run bench -- epl/w`).
 */
export class StatementEnvironment implements Environment, WindowHost {
  readonly isNew = true;
  readonly subqueries: readonly SubqueryState[];
  readonly owner: ConsumerOwner;
  private readonly host: SelectHost;
  private readonly consumers: ConsumerWindow[] = [];

  constructor(host: SelectHost, subqueries: readonly SubqueryProgram[] = []) {
    this.host = host;
    this.owner = host;
    this.subqueries = subqueries.map((subquery) => new SubqueryState(subquery, this));
  }

  get nowMs(): number {
    return this.host.nowMs;
  }

  get variableStore(): Variables {
    return this.host.variableStore;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.host.variables;
  }

  get partition(): Environment['partition'] {
    return this.host.partition;
  }

  get stores(): Stores {
    return this.host.stores;
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.schedule(dueMs, owner);
  }

  retain(count: number): void {
    this.host.budget.take(count);
  }

  consumes(consumer: ConsumerWindow): void {
    this.consumers.push(consumer);
  }

  failed(error: unknown): void {
    this.host.failed(error);
  }

  /** Takes up what the named windows that it reads hold already. */
  load(): void {
    for (const consumer of this.consumers) consumer.load();
  }

  stop(): void {
    for (const subquery of this.subqueries) subquery.stop();
  }

  saveOrLoad(state: StateStream): void {
    for (const subquery of this.subqueries) subquery.saveOrLoad(state);
  }
}
