import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlString, sqlTime } from '../database/sql-text.ts';
import { type ArchiveHour, incomingFolder } from './archive-folder.ts';
import { flushPath } from './flush-path.ts';

const hourMs = 3_600_000;

/**
 * Writes the flows of one hour of a table into a file of their own: under another name first, flushed to the disk, and
 * renamed, so that a reader never sees half a file and a crash leaves none.
 * @returns its size.
 */
export async function writeParquetFile(
  connection: DuckDBConnection,
  directory: string,
  table: string,
  hour: ArchiveHour,
  nowMs: number,
): Promise<{ readonly bytes: number; readonly flows: number }> {
  const random = randomBytes(6).toString('hex');
  const incoming = join(directory, incomingFolder, `${process.pid}-${random}.parquet`);
  const folder = join(directory, hour.folder);
  try {
    await mkdir(dirname(incoming), { recursive: true, mode: 0o700 });
    const copied = await connection.run(
      `COPY (FROM ${table} WHERE flowStartMilliseconds >= ${sqlTime(hour.startMs)} AND flowStartMilliseconds < ${sqlTime(hour.startMs + hourMs)})
       TO ${sqlString(incoming)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await flushPath(incoming);
    const { size } = await stat(incoming);
    const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
    await rename(incoming, join(folder, `${fileStamp(nowMs)}-${random}.parquet`));
    // The names have to be as durable as what they name.
    for (const path of isNew ? [folder, dirname(folder), directory] : [folder]) await flushPath(path);
    return { bytes: size, flows: copied.rowsChanged };
  } catch (error) {
    await rm(incoming, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** When a file was written, as its name says it: names sort by it. */
export const fileStamp = (nowMs: number): string => new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');

/** Removes what processes that are no more have left half written. */
export async function removeLeftovers(directory: string): Promise<void> {
  const folder = join(directory, incomingFolder);
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = Number(/^(\d+)-[0-9a-f]+\.parquet$/.exec(name)?.[1] ?? Number.NaN);
    const path = join(folder, name);
    if (Number.isNaN(pid) || (await isBeingWritten(pid, path))) continue;
    await rm(path, { force: true });
  }
}

async function isBeingWritten(pid: number, path: string): Promise<boolean> {
  if (pid === process.pid) {
    // Our own id, borne by an earlier process where the file is older than we are (a container's processes all are 1).
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
    return mtimeMs >= Date.now() - process.uptime() * 1000;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
