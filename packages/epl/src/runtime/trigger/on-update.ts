import type { Subject } from '../../compile/evaluator.ts';
import type { AssignmentProgram, StoreTriggerProgram } from '../../compile/trigger-program.ts';
import type { Row } from '../statement.ts';
import type { RowChange } from '../store/row-store.ts';
import { StoreLookup } from '../store/store-lookup.ts';
import { assign } from './assign.ts';
import type { StoreActionHost } from './store-action.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** `on Event update W set …`: gives the rows after and before. */
export class OnUpdate implements TriggerAction {
  private readonly host: StoreActionHost;
  private readonly lookup: StoreLookup;
  private readonly assignments: readonly AssignmentProgram[];

  constructor(
    { lookup, assignments }: Extract<StoreTriggerProgram, { kind: 'on-update' }>,
    host: StoreActionHost,
  ) {
    this.host = host;
    this.lookup = new StoreLookup(lookup, host.store, host.environment);
    this.assignments = assignments;
  }

  run(event: Subject): void {
    const { store, environment, statement } = this.host;
    const found = this.lookup.find(event);
    if (found.length === 0) return;
    const oldRows = found.map((row) => store.snapshot(row));
    const changes: RowChange[] = found.map((row, i) => {
      const draft = store.draft(row);
      assign(this.assignments, draft, [draft, event, oldRows[i]], environment);
      return { row, draft };
    });
    store.commit(changes);
    statement.counters.rowsOut += 2 * found.length;
    statement.report(
      changes.map(({ draft }) => draft!),
      oldRows,
    );
  }

  rows(): Iterable<Row> {
    return [];
  }

  stop(): void {
    this.lookup.stop();
  }
}
