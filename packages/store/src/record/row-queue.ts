import type { CommitQueue } from '../database/commit-queue.ts';
import { bytesOf, type Table, type TableRows, writeRows } from './table-rows.ts';

/** Rows for one table, gathered until the next commit: they share one appender, whoever gave them. */
export interface RowQueue {
  /** Resolves when the rows are on the disk. @returns their numbers where the table has such. @throws StoreError. */
  add(rows: TableRows): Promise<readonly number[]>;
}

export function createRowQueue(table: Table, writes: Pick<CommitQueue, 'add' | 'reserve'>): RowQueue {
  /** Those that the next commit takes. */
  let gathering: { rows: TableRows[number][]; written: Promise<readonly number[]> } | undefined;

  function gather(): { rows: TableRows[number][]; written: Promise<readonly number[]> } {
    const rows: TableRows[number][] = [];
    const written = writes.add(0, (connection) => {
      // From here on others gather for the next one. Where this one failed it may come once more, with the same rows.
      gathering = undefined;
      return writeRows(connection, table, rows);
    });
    // Where nothing could be begun, the next one tries anew.
    written.catch(() => {
      if (gathering?.rows === rows) gathering = undefined;
    });
    return { rows, written };
  }

  return {
    async add(rows) {
      if (rows.length === 0) return [];
      const { release } = writes.reserve(bytesOf(rows));
      try {
        gathering ??= gather();
        const { rows: all, written } = gathering;
        const first = all.length;
        for (const row of rows) all.push(row);
        return (await written).slice(first, first + rows.length);
      } finally {
        release();
      }
    },
  };
}
