import { rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ArchiveHour, listFiles, listHours } from '../archive/archive-folder.ts';
import type { RetentionLimits } from './retention-limits.ts';

const hourMs = 3_600_000;

interface ArchiveFile {
  readonly path: string;
  readonly hour: ArchiveHour;
  readonly bytes: number;
}

/** Removes whole files, the oldest hours first, until the limits are kept. */
export async function retainFlows(
  directory: string,
  limits: Pick<RetentionLimits, 'maxFlowAgeMs' | 'maxFlowBytes' | 'maxFlowFiles'>,
  nowMs: number,
): Promise<{ readonly removedFiles: number; readonly removedFileBytes: number }> {
  const files: ArchiveFile[] = [];
  for (const hour of await listHours(directory)) {
    for (const path of await listFiles(directory, hour)) {
      const bytes = await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
      files.push({ path, hour, bytes });
    }
  }
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let count = files.length;
  let removedFileBytes = 0;
  for (const file of files) {
    const isOld = file.hour.startMs + hourMs <= nowMs - limits.maxFlowAgeMs;
    if (!isOld && bytes <= limits.maxFlowBytes && count <= limits.maxFlowFiles) break;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
    removedFileBytes += file.bytes;
    count--;
    await removeIfEmpty(join(directory, file.hour.folder));
  }
  return { removedFiles: files.length - count, removedFileBytes };
}

/** The folder of an hour, then that of its day. */
async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
    await rmdir(dirname(folder));
  } catch {
    // It has something still, or somebody has just put something there.
  }
}
