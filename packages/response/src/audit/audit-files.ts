import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of a file of the log: `audit-000001.ndjson`, …; those of later files sort behind it. */
export const auditFileName = (number: number) => `audit-${String(number).padStart(6, '0')}.ndjson`;

/** A file of the log. */
export interface AuditFile {
  readonly number: number;
  readonly path: string;
}

/** The files of a log, the first one first; none where the directory is missing. */
export async function auditFiles(directory: string): Promise<AuditFile[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  });
  return names
    .flatMap((name) => {
      const [, digits] = /^audit-([0-9]{6,9})\.ndjson$/.exec(name) ?? [];
      return digits === undefined ? [] : [{ number: Number(digits), path: join(directory, name) }];
    })
    .sort((a, b) => a.number - b.number);
}
