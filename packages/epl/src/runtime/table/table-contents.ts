import type { Subject } from '../../compile/evaluator.ts';
import type { RowStore } from '../store/row-store.ts';
import type { DataWindow } from '../windows/data-window.ts';

/** A table as a statement reads it: its rows change without a word. */
export class TableContents implements DataWindow {
  private readonly table: RowStore;

  constructor(table: RowStore) {
    this.table = table;
  }

  insert(): void {}

  remove(): void {}

  contents(): Iterable<Subject> {
    return this.table.contents();
  }

  stop(): void {}

  /** It keeps nothing. */
  saveOrLoad(): void {}
}
