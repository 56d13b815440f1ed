import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readReplacement } from './replaced-files.ts';

const hourMs = 3_600_000;

/** One hour of the archive: `date=2026-11-22/hour=13`, in UTC. */
export interface ArchiveHour {
  /** Milliseconds since 1970, a multiple of an hour. */
  readonly startMs: number;
  /** Below the archive's folder. */
  readonly folder: string;
}

/** Where flows that started in the hour of this time are kept. The layout is Hive's, which every tool knows. */
export function hourOf(ms: number): ArchiveHour {
  const startMs = Math.floor(ms / hourMs) * hourMs;
  const text = new Date(startMs).toISOString();
  return { startMs, folder: `date=${text.slice(0, 10)}/hour=${text.slice(11, 13)}` };
}

/** Files that are being written; their names end alike, but no reader looks there. */
export const incomingFolder = '_incoming';

/** The hours that the archive has, oldest first. A folder of another name is not ours, and left alone. */
export async function listHours(directory: string): Promise<ArchiveHour[]> {
  const hours: ArchiveHour[] = [];
  for (const date of await namesIn(directory)) {
    if (!/^date=\d{4}-\d{2}-\d{2}$/.test(date)) continue;
    for (const hour of await namesIn(join(directory, date))) {
      if (!/^hour=\d{2}$/.test(hour)) continue;
      const startMs = Date.parse(`${date.slice(5)}T${hour.slice(5)}:00:00Z`);
      if (!Number.isNaN(startMs)) hours.push({ startMs, folder: `${date}/${hour}` });
    }
  }
  return hours.sort((a, b) => a.startMs - b.startMs);
}

/** Paths of the files of one hour, oldest first, without those whose flows are in another one. */
export async function listFiles(directory: string, { folder }: ArchiveHour): Promise<string[]> {
  const path = join(directory, folder);
  const names = (await namesIn(path)).filter((name) => name.endsWith('.parquet'));
  const replacement = await readReplacement(path);
  const replaced = new Set(
    replacement !== undefined && names.includes(replacement.by) ? replacement.files : [],
  );
  return names
    .filter((name) => !replaced.has(name))
    .sort()
    .map((name) => join(directory, folder, name));
}

/** None where the folder does not exist: retention may have removed it meanwhile. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
