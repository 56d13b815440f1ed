import type { Subject } from '../../compile/evaluator.ts';
import type { EventType } from '../event-type.ts';
import type { Row } from '../statement.ts';
import type { StoreIndexes } from './store-indexes.ts';

/** A named window or a table: rows under a name that other statements read and change. */
export interface RowStore {
  readonly name: string;
  readonly type: EventType;
  readonly indexes: StoreIndexes;
  /** Whether a query hears which rows it has changed: of a named window, not of a table. */
  readonly tells: boolean;
  /** The rows that it holds now, in its order. They must not be changed; see {@link draft}. */
  contents(): Iterable<Subject>;
  /** A copy of a row's columns that may be filled anew and given back with {@link commit}. */
  draft(row: Subject): Draft;
  /** The row as it is now, for those who keep it. */
  snapshot(row: Subject): Row;
  /**
   * All that one event or query does with the rows, at once: what leaves leaves first.
   * @throws EplError `EPL_DUPLICATE_KEY` where a row would break a unique index; it is then not taken
   */
  commit(changes: readonly RowChange[]): void;
}

/** A row in the making, by the names of its columns. */
export type Draft = Record<string, unknown>;

/** A row that leaves, one that comes, or one that takes the place of another. */
export interface RowChange {
  readonly row: Subject | undefined;
  readonly draft: Draft | undefined;
}

/** The named windows and tables of a runtime. */
export interface Stores {
  /** @throws EplError `EPL_USAGE` where it does not run any more */
  get(name: string): RowStore;
  /** The table of that name, if it is one: rows inserted into it go in at once. */
  table(name: string): RowStore | undefined;
}
