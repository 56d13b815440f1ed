import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from '../database/database.ts';
import { sqlTime } from '../database/sql-text.ts';
import type { RetentionLimits } from './retention-limits.ts';

/** The tables that grow, and the column that says how old a row is. */
const tables = [
  { name: 'detections', time: 'time' },
  { name: 'events', time: 'time' },
  { name: 'messages', time: 'time' },
  { name: 'conversations', time: 'time' },
  { name: 'false_positives', time: 'time' },
  { name: 'traffic', time: 'minute' },
  { name: 'talkers', time: 'minute' },
] as const;

/** Share of the rows that goes where the tables are too large. */
const shareAtOnce = 0.1;
const maxRounds = 20;

/** Deletes rows, the oldest first, until the limits are kept. @returns how many. @throws StoreError. */
export async function retainRows(
  database: Database,
  limits: Pick<RetentionLimits, 'maxTableAgeMs' | 'maxTableBytes'>,
  nowMs: number,
): Promise<number> {
  const oldest = sqlTime(Math.trunc(nowMs - limits.maxTableAgeMs));
  let removed = await database.writes.add(0, async (connection) => {
    let rows = 0;
    for (const { name, time } of tables) {
      rows += (await connection.run(`DELETE FROM ${name} WHERE ${time} < ${oldest}`)).rowsChanged;
    }
    return rows;
  });
  for (let round = 0; round < maxRounds; round++) {
    const bytes = await usedBytes(database);
    if (bytes === undefined || bytes <= limits.maxTableBytes) break;
    const rows = await database.writes.add(0, deleteOldestShare);
    if (rows === 0) break;
    removed += rows;
  }
  return removed;
}

/** Undefined where somebody is writing just now: the next look will tell. */
async function usedBytes(database: Database): Promise<number | undefined> {
  const lease = await database.lease();
  try {
    // Deleted rows take room until a checkpoint has written their row groups anew, which DuckDB refuses beside a write.
    const isTidy = await lease.connection.run('CHECKPOINT').then(
      () => true,
      () => false,
    );
    if (!isTidy) return undefined;
    const reader = await lease.connection.runAndReadAll(
      `SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = current_database()`,
    );
    return Number(reader.getRowsJS()[0][0]);
  } finally {
    lease.release();
  }
}

async function deleteOldestShare(connection: DuckDBConnection): Promise<number> {
  let rows = 0;
  for (const { name, time } of tables) {
    // All of one time go together, so that a table of equal times ends too.
    rows += (
      await connection.run(
        `DELETE FROM ${name} WHERE ${time} <= (SELECT quantile_disc(${time}, ${shareAtOnce}) FROM ${name})`,
      )
    ).rowsChanged;
  }
  return rows;
}
