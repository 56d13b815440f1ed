import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlString } from '../database/sql-text.ts';
import { type ArchiveHour, incomingFolder, listFiles, listHours } from './archive-folder.ts';
import { flushPath } from './flush-path.ts';
import { fileStamp } from './parquet-file.ts';
import { finishReplacement, writeReplacement } from './replaced-files.ts';

export interface MergeLimits {
  /** Milliseconds from the end of an hour until its files are merged: flows come late. */
  readonly mergeAfterMs: number;
}

/** Fewer files of an hour are left as they are. */
const minFiles = 4;
/** Files that are larger are left as they are. */
const maxFileBytes = 64 * 1024 * 1024;
/** Bytes that go into one file. */
const maxMergedBytes = 256 * 1024 * 1024;
/** Hours in one look: each costs as much as it did to write its flows. */
const maxHours = 2;
const hourMs = 3_600_000;

/**
 * Puts small files of hours that are over into one each, the oldest first. At every moment, and after a crash at any, each
 * flow is in one file of those that readers of ours see.
 * @returns how many files there are fewer. @throws what DuckDB and the file system do; nothing is lost then
 */
export async function mergeFiles(
  directory: string,
  connection: DuckDBConnection,
  { mergeAfterMs }: MergeLimits,
  nowMs: number,
): Promise<number> {
  let merged = 0;
  let fewer = 0;
  for (const hour of await listHours(directory)) {
    await finishReplacement(join(directory, hour.folder));
    if (merged >= maxHours || hour.startMs + hourMs + mergeAfterMs > nowMs) continue;
    const files = await smallFiles(directory, hour);
    if (files.length < minFiles) continue;
    await mergeHour(directory, hour, files, connection, nowMs);
    merged++;
    fewer += files.length - 1;
  }
  return fewer;
}

async function smallFiles(directory: string, hour: ArchiveHour): Promise<string[]> {
  const chosen: string[] = [];
  let bytes = 0;
  for (const path of await listFiles(directory, hour)) {
    const { size } = await stat(path);
    if (size > maxFileBytes) continue;
    bytes += size;
    if (bytes > maxMergedBytes) break;
    chosen.push(path);
  }
  return chosen;
}

async function mergeHour(
  directory: string,
  hour: ArchiveHour,
  files: readonly string[],
  connection: DuckDBConnection,
  nowMs: number,
): Promise<void> {
  const random = randomBytes(6).toString('hex');
  const folder = join(directory, hour.folder);
  const incoming = join(directory, incomingFolder, `${process.pid}-${random}.parquet`);
  const name = `${fileStamp(nowMs)}-${random}.parquet`;
  await mkdir(join(directory, incomingFolder), { recursive: true, mode: 0o700 });
  try {
    // Files differ where columns were added; the columns of the folders' names are not theirs.
    await connection.run(
      `COPY (FROM read_parquet([${files.map(sqlString).join(', ')}], union_by_name = true, hive_partitioning = false))
       TO ${sqlString(incoming)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await flushPath(incoming);
    await writeReplacement(folder, { by: name, files: files.map((path) => basename(path)) });
    await rename(incoming, join(folder, name));
    await flushPath(folder);
  } catch (error) {
    await rm(incoming, { force: true }).catch(() => undefined);
    throw error;
  }
  await finishReplacement(folder);
}
