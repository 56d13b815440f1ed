import type { Subject } from '../../compile/evaluator.ts';
import type { StoreTriggerProgram } from '../../compile/trigger-program.ts';
import type { Row } from '../statement.ts';
import { StoreLookup } from '../store/store-lookup.ts';
import type { StoreActionHost } from './store-action.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** `on Event delete from W …`: gives the rows that it deletes as new ones. */
export class OnDelete implements TriggerAction {
  private readonly host: StoreActionHost;
  private readonly lookup: StoreLookup;

  constructor({ lookup }: Extract<StoreTriggerProgram, { kind: 'on-delete' }>, host: StoreActionHost) {
    this.host = host;
    this.lookup = new StoreLookup(lookup, host.store, host.environment);
  }

  run(event: Subject): void {
    const { store, statement } = this.host;
    const found = this.lookup.find(event);
    if (found.length === 0) return;
    const rows = found.map((row) => store.snapshot(row));
    store.commit(found.map((row) => ({ row, draft: undefined })));
    statement.counters.rowsOut += rows.length;
    statement.report(rows, []);
  }

  rows(): Iterable<Row> {
    return [];
  }

  stop(): void {
    this.lookup.stop();
  }
}
