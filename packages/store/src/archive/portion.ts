import type { DuckDBConnection } from '@duckdb/node-api';
import type { Clock } from '../clock.ts';
import type { TrafficSummary } from './archive-config.ts';
import type { ArchiveHour } from './archive-folder.ts';
import type { FlowAppender } from './flow-appender.ts';
import type { FlowRows } from './flow-batch.ts';
import { columnDeclaration, type FlowColumnDefinition } from './flow-columns.ts';
import { writeParquetFile } from './parquet-file.ts';
import { summarise } from './traffic-summary.ts';

/** Flows that are written together: gathered as columns, then a table in memory, then a file for each hour. */
export interface Portion {
  flows: number;
  readonly batches: FlowRows[];
  /** The hours in which its flows started, those that are not in a file yet. */
  readonly hours: Map<number, ArchiveHour>;
  /** Makes the table, once. @returns the sums over its flows, once, if so many talkers are wanted. */
  load(
    connection: DuckDBConnection,
    appender: FlowAppender,
    talkers: number | undefined,
  ): Promise<TrafficSummary | undefined>;
  /** Writes the hours that are left and drops the table; may be called again where it threw. */
  write(
    connection: DuckDBConnection,
    directory: string,
    clock: Clock,
    onFile: (file: { readonly bytes: number; readonly flows: number }) => void,
  ): Promise<void>;
}

/** Batches that go over before others on this thread get their turn. */
const batchesAtOnce = 16;

export function createPortion(columns: readonly FlowColumnDefinition[], table: string): Portion {
  const batches: FlowRows[] = [];
  const hours = new Map<number, ArchiveHour>();
  let isLoaded = false;
  let isSummarised = false;

  return {
    flows: 0,
    batches,
    hours,
    async load(connection, appender, talkers) {
      if (!isLoaded) {
        await connection.run(
          `CREATE OR REPLACE TABLE ${table} (${columns.map(columnDeclaration).join(', ')})`,
        );
        const tableAppender = await connection.createAppender(table);
        try {
          for (const [i, batch] of batches.entries()) {
            appender.append(tableAppender, batch);
            if (i % batchesAtOnce === batchesAtOnce - 1) await new Promise(setImmediate);
          }
        } finally {
          tableAppender.closeSync();
        }
        batches.length = 0;
        isLoaded = true;
      }
      if (isSummarised || talkers === undefined) return undefined;
      const summary = await summarise(connection, table, talkers);
      isSummarised = true;
      return summary;
    },
    async write(connection, directory, clock, onFile) {
      for (const [startMs, hour] of hours) {
        onFile(await writeParquetFile(connection, directory, table, hour, clock.now()));
        hours.delete(startMs);
      }
      await connection.run(`DROP TABLE ${table}`);
    },
  };
}
