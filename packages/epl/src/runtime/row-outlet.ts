import type { SelectPlan } from '../plan/plan.ts';
import type { RowBuffer } from './results/row-buffer.ts';
import { arrangeRows } from './row-order.ts';
import { splitDelivery } from './split-delivery.ts';
import type { Row } from './statement.ts';

const noRows: readonly Row[] = [];

/** What the rows of a select are handed to. */
export interface RowReceiver {
  readonly variables: ReadonlyMap<string, unknown>;
  readonly counters: { rowsOut: number };
  /** Queues a row for a stream. */
  insert(type: string, row: Row): void;
  /** Hands rows to the listeners. */
  report(newRows: readonly Row[], oldRows: readonly Row[]): void;
}

/** The end of a select: puts its rows in order and hands them to streams and listeners. One serves all instances. */
export class RowOutlet {
  private readonly plan: SelectPlan;
  private readonly selector: SelectPlan['selector'];
  private readonly insertInto: SelectPlan['insertInto'];
  /** Rows are given as they come. */
  private readonly plain: boolean;

  constructor(plan: SelectPlan) {
    this.plan = plan;
    this.selector = plan.selector;
    this.insertInto = plan.insertInto;
    this.plain = plan.orderBy.length === 0 && !plan.distinct && plan.limit === undefined;
  }

  /** Takes the rows of one change. `forced`: they are told even where there are none. */
  give(newBuffer: RowBuffer, oldBuffer: RowBuffer, forced: boolean, receiver: RowReceiver): void {
    if (newBuffer.rows.length === 0 && oldBuffer.rows.length === 0 && !forced) return;
    this.giveRows(this.arrange(newBuffer, receiver), this.arrange(oldBuffer, receiver), forced, receiver);
  }

  /** As {@link give}, of rows that are in order. */
  giveRows(newRows: readonly Row[], oldRows: readonly Row[], forced: boolean, receiver: RowReceiver): void {
    const { selector, insertInto } = this;
    if (insertInto !== undefined) {
      const target = insertInto.type.name;
      if (insertInto.selector !== 'rstream') for (const row of newRows) receiver.insert(target, row);
      if (insertInto.selector !== 'istream') for (const row of oldRows) receiver.insert(target, row);
    }
    // The remove stream alone is delivered as new rows.
    const given = selector === 'rstream' ? oldRows : newRows;
    const withdrawn = selector === 'irstream' ? oldRows : noRows;
    if (given.length === 0 && withdrawn.length === 0 && !forced) return;
    receiver.counters.rowsOut += given.length + withdrawn.length;
    const { delivery } = this.plan;
    if (delivery === undefined || given.length + withdrawn.length === 0) receiver.report(given, withdrawn);
    else
      for (const part of splitDelivery(given, withdrawn, delivery.columns))
        receiver.report(part.newRows, part.oldRows);
  }

  /** Order by, distinct, limit. */
  arrange(buffer: RowBuffer, { variables }: Pick<RowReceiver, 'variables'>): readonly Row[] {
    if (this.plain) return buffer.rows;
    const { orderBy, distinct, limit } = this.plan;
    return arrangeRows(buffer, orderBy, distinct, limit, variables);
  }
}
