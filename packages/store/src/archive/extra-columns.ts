import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../store-error.ts';
import { duckdbColumnTypes, type FlowColumnDefinition } from './flow-columns.ts';

/** Its underscore keeps pandas and Spark from taking it for data. */
const fileName = '_columns.json';

/** The columns beyond those of every file that some file of the archive has. @throws StoreError `STORE_OPEN_FAILED`. */
export async function readExtraColumns(directory: string): Promise<readonly FlowColumnDefinition[]> {
  const path = join(directory, fileName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
  try {
    const columns: unknown = JSON.parse(text);
    if (Array.isArray(columns) && columns.every(isColumn)) return columns;
  } catch {
    // Told below.
  }
  throw new StoreError(
    'STORE_OPEN_FAILED',
    `${path} is damaged: restore it, or remove it with the extra columns`,
  );
}

function isColumn(value: unknown): value is FlowColumnDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { name, type, elements } = value as Partial<FlowColumnDefinition>;
  return (
    typeof name === 'string' &&
    typeof type === 'string' &&
    Object.hasOwn(duckdbColumnTypes, type) &&
    Array.isArray(elements)
  );
}

/**
 * Adds columns to those that readers have to expect.
 * @throws StoreError `STORE_OPEN_FAILED` where one has a name or a type that another has.
 */
export async function rememberExtraColumns(
  directory: string,
  columns: readonly FlowColumnDefinition[],
): Promise<void> {
  if (columns.length === 0) return;
  const known = new Map((await readExtraColumns(directory)).map((column) => [column.name, column]));
  for (const column of columns) {
    const type = known.get(column.name)?.type;
    if (type !== undefined && type !== column.type) {
      throw new StoreError(
        'STORE_OPEN_FAILED',
        `the archive ${directory} has ${column.name} as ${type} already, and cannot have it as ${column.type}`,
      );
    }
    known.set(column.name, column);
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  const next = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(next, `${JSON.stringify([...known.values()], undefined, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await rename(next, path);
}
