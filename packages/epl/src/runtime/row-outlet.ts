import type { SelectPlan } from '../plan/plan.ts';
import type { RowBuffer } from './results/row-buffer.ts';
import { arrangeRows } from './row-order.ts';
import type { SelectHost } from './select-instance.ts';
import type { Row } from './statement.ts';

const noRows: readonly Row[] = [];

/** The end of a select: puts its rows in order and hands them to streams and listeners. */
export class RowOutlet {
  private readonly plan: SelectPlan;
  private readonly host: SelectHost;
  private readonly selector: SelectPlan['selector'];
  private readonly insertInto: SelectPlan['insertInto'];
  /** Several windows of one stream may post in one move of the clock: that is one delivery. */
  private readonly gathers: boolean;
  /** While a statement that starts late takes up what is there. */
  muted = false;
  /** Rows are given as they come. */
  private readonly plain: boolean;
  private gathered: { readonly newRows: readonly Row[]; readonly oldRows: readonly Row[] } | undefined;

  constructor(plan: SelectPlan, host: SelectHost) {
    this.plan = plan;
    this.host = host;
    this.selector = plan.selector;
    this.insertInto = plan.insertInto;
    this.plain = plan.orderBy.length === 0 && !plan.distinct && plan.limit === undefined;
    this.gathers = plan.inputs.some(({ window }) => window?.kind === 'groupwin');
  }

  /** Takes the rows of one change. `forced`: they are told even where there are none. */
  give(newBuffer: RowBuffer, oldBuffer: RowBuffer, forced: boolean): void {
    if (this.muted || (newBuffer.rows.length === 0 && oldBuffer.rows.length === 0 && !forced)) return;
    const { host, selector, insertInto } = this;
    const newRows = this.arrange(newBuffer);
    const oldRows = this.arrange(oldBuffer);
    if (insertInto !== undefined) {
      const target = insertInto.type.name;
      if (insertInto.selector !== 'rstream') for (const row of newRows) host.insert(target, row);
      if (insertInto.selector !== 'istream') for (const row of oldRows) host.insert(target, row);
    }
    // The remove stream alone is delivered as new rows.
    const given = selector === 'rstream' ? oldRows : newRows;
    const withdrawn = selector === 'irstream' ? oldRows : noRows;
    if (given.length === 0 && withdrawn.length === 0 && !forced) return;
    host.counters.rowsOut += given.length + withdrawn.length;
    if (this.gathers) this.gather(given, withdrawn);
    else host.report(given, withdrawn);
  }

  /** Order by, distinct, limit. */
  arrange(buffer: RowBuffer): readonly Row[] {
    if (this.plain) return buffer.rows;
    const { orderBy, distinct, limit } = this.plan;
    return arrangeRows(buffer, orderBy, distinct, limit, this.host.variables);
  }

  /** Delivers what was gathered. */
  flush(): void {
    const { gathered } = this;
    if (gathered === undefined) return;
    this.gathered = undefined;
    this.host.report(gathered.newRows, gathered.oldRows);
  }

  private gather(newRows: readonly Row[], oldRows: readonly Row[]): void {
    const { gathered } = this;
    this.gathered =
      gathered === undefined
        ? { newRows, oldRows }
        : { newRows: [...gathered.newRows, ...newRows], oldRows: [...gathered.oldRows, ...oldRows] };
    this.host.markDirty();
  }
}
