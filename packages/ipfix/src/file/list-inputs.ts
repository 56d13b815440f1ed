import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IpfixError } from '../ipfix-error.ts';

export interface ListInputsConfig {
  /** Folders within folders that are entered; default 16. */
  readonly maxDepth?: number;
  /** Files listed at most; default 100,000. */
  readonly maxFiles?: number;
}

/**
 * The files to read for paths given by a user: a file stands for itself, `-` for standard input, and a folder for
 * all files in it and below, in the order of their names, which for time slices is that of time. Hidden files and
 * those that are still being written (`.part`) are left out, and so are links below a folder.
 *
 * @throws IpfixError `IPFIX_IO` for a path that cannot be read; `IPFIX_BAD_CONFIG` above a limit
 */
export async function listInputs(
  paths: readonly string[],
  { maxDepth = 16, maxFiles = 100_000 }: ListInputsConfig = {},
): Promise<string[]> {
  const files: string[] = [];

  function add(file: string): void {
    if (files.length >= maxFiles) {
      throw new IpfixError('IPFIX_BAD_CONFIG', `more than ${maxFiles} files: name fewer, or raise maxFiles`);
    }
    files.push(file);
  }

  async function addFolder(folder: string, depth: number): Promise<void> {
    if (depth > maxDepth) {
      throw new IpfixError(
        'IPFIX_BAD_CONFIG',
        `${folder} is deeper than ${maxDepth} folders: raise maxDepth`,
      );
    }
    const entries = await attempt(folder, () => readdir(folder, { withFileTypes: true }));
    for (const entry of entries.sort(byName)) {
      if (entry.name.startsWith('.') || entry.name.endsWith('.part')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await addFolder(path, depth + 1);
      else if (entry.isFile()) add(path);
    }
  }

  for (const path of paths) {
    if (path !== '-' && (await attempt(path, () => stat(path))).isDirectory()) await addFolder(path, 1);
    else add(path);
  }
  return files;
}

/** By code units, so that the order does not depend on the language of the system. */
const byName = (a: Dirent, b: Dirent) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

async function attempt<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw new IpfixError('IPFIX_IO', `cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}
