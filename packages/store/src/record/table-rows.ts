import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** A table and what its columns take. Where it has a sequence, its first column is the number of the row. */
export interface Table {
  readonly name: string;
  readonly types: readonly DuckDBType[];
  readonly sequence?: string;
}

/** Rows ready to be written, without their numbers. */
export type TableRows = readonly (readonly DuckDBValue[])[];

/** Rows of one chunk, the most that DuckDB takes at once. */
const chunkRows = 2048;

/** Appends the rows. @returns their numbers where the table has such. */
export async function writeRows(
  connection: DuckDBConnection,
  { name, types, sequence }: Table,
  rows: TableRows,
): Promise<readonly number[]> {
  const numbers = sequence === undefined ? [] : await nextNumbers(connection, sequence, rows.length);
  const appender = await connection.createAppender(name);
  try {
    for (let i = 0; i < rows.length; i += chunkRows) {
      const chunk = DuckDBDataChunk.create(types);
      const some = rows.slice(i, i + chunkRows);
      chunk.setRows(sequence === undefined ? some : some.map((row, k) => [numbers[i + k], ...row]));
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
  return numbers.map(Number);
}

async function nextNumbers(
  connection: DuckDBConnection,
  sequence: string,
  count: number,
): Promise<readonly bigint[]> {
  const reader = await connection.runAndReadAll(`SELECT nextval('${sequence}') FROM range(${count})`);
  return reader.getColumns()[0] as bigint[];
}

/** About how many bytes of memory rows take while they wait. */
export function bytesOf(rows: TableRows): number {
  let bytes = 0;
  for (const row of rows) {
    for (const value of row) {
      bytes += 16;
      if (typeof value === 'string') bytes += value.length;
      else if (value instanceof DuckDBBlobValue) bytes += value.bytes.length;
    }
  }
  return bytes;
}

/** A time given in milliseconds since 1970; null for none. */
export const timestamp = (ms: number | undefined): DuckDBTimestampValue | null =>
  ms === undefined ? null : new DuckDBTimestampValue(BigInt(Math.trunc(ms)) * 1000n);
