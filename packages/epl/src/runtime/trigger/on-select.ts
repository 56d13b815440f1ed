import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { StoreTriggerProgram } from '../../compile/trigger-program.ts';
import { evaluateOnce } from '../results/evaluate-once.ts';
import { rowBuffer } from '../results/row-buffer.ts';
import type { Row } from '../statement.ts';
import { StoreLookup } from '../store/store-lookup.ts';
import type { StoreActionHost } from './store-action.ts';
import type { TriggerAction } from './trigger-instance.ts';

/** `on Event select … from W`: a select over the rows found and the event, which starts afresh with each event. */
export class OnSelect implements TriggerAction {
  private readonly host: StoreActionHost;
  private readonly lookup: StoreLookup;
  private readonly select: Program;
  private readonly andDelete: boolean;

  constructor(
    { lookup, select, andDelete }: Extract<StoreTriggerProgram, { kind: 'on-select' }>,
    host: StoreActionHost,
  ) {
    this.host = host;
    this.lookup = new StoreLookup(lookup, host.store, host.environment);
    this.select = select;
    this.andDelete = andDelete;
  }

  run(event: Subject): void {
    const { store, environment } = this.host;
    const found = this.lookup.find(event);
    const pairs = found.map((row) => [row, event] as unknown as Subject);
    const rows = evaluateOnce(this.select, environment, pairs);
    if (this.andDelete && found.length > 0) store.commit(found.map((row) => ({ row, draft: undefined })));
    this.select.outlet.give(rows, rowBuffer(), false, this.host.statement);
  }

  rows(): Iterable<Row> {
    return [];
  }

  stop(): void {
    this.lookup.stop();
  }
}
