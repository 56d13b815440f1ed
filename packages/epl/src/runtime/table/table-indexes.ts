import type { Subject } from '../../compile/evaluator.ts';
import type { Bound } from '../../plan/expression.ts';
import type { EventIndex } from '../join/join-index.ts';
import type { HashIndex } from '../store/hash-index.ts';
import type { RowStore } from '../store/row-store.ts';

/** A table's indexes as one statement uses them: they belong to the table and show what it holds at any time. */
export class TableIndexes {
  private readonly table: RowStore;
  private readonly obtained: HashIndex[] = [];

  constructor(table: RowStore) {
    this.table = table;
  }

  /** By those keys; without keys, all rows. */
  obtain(keys: readonly Bound[]): EventIndex {
    const { table } = this;
    if (keys.length === 0)
      return {
        find: () => [...table.contents()],
        all: (): Iterable<Subject> => table.contents(),
      };
    const index = table.indexes.hash(keys);
    this.obtained.push(index);
    return index;
  }

  stop(): void {
    for (const index of this.obtained.splice(0)) this.table.indexes.release(index);
  }
}
