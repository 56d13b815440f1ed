import { randomBytes } from 'node:crypto';
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushPath } from './flush-path.ts';

/**
 * Files of an hour whose flows are in another one, from the moment when that one has its name. The note is written before it gets
 * the name, and removed behind them: whoever reads in between, or after a crash, passes them over.
 */
export interface Replacement {
  /** Name of the file that has the flows then. */
  readonly by: string;
  /** Names of those that had them. */
  readonly files: readonly string[];
}

/** Its underscore keeps pandas and Spark from taking it for data. */
const fileName = '_replaced.json';

/** Undefined where there is none. A damaged one, which no crash of ours leaves, replaces nothing. */
export async function readReplacement(folder: string): Promise<Replacement | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, fileName), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const { by, files } = JSON.parse(text) as Partial<Replacement>;
    if (typeof by === 'string' && Array.isArray(files)) return { by, files };
  } catch {
    // Nothing is replaced.
  }
  return undefined;
}

export async function writeReplacement(folder: string, replacement: Replacement): Promise<void> {
  const next = join(folder, `${fileName}.${randomBytes(6).toString('hex')}`);
  await writeFile(next, `${JSON.stringify(replacement)}\n`, { mode: 0o600, flush: true });
  await rename(next, join(folder, fileName));
  await flushPath(folder);
}

/** Removes the files that are replaced, and behind them the note. Without effect where there is none. */
export async function finishReplacement(folder: string): Promise<void> {
  const replacement = await readReplacement(folder);
  if (replacement === undefined) return;
  const hasHappened = await access(join(folder, replacement.by)).then(
    () => true,
    () => false,
  );
  for (const name of hasHappened ? replacement.files : []) await rm(join(folder, name), { force: true });
  await flushPath(folder);
  await rm(join(folder, fileName), { force: true });
}
