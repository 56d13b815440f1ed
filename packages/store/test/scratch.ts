import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import {
  createStore,
  type QueryRow,
  rowsOf,
  type Store,
  type StoreConfig,
  type StoreDeps,
} from '../src/index.ts';

const scratch = mkdtempSync(join(tmpdir(), 'flowpact-store-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let directories = 0;

/** A folder for one test, which does not exist yet. */
export const newDirectory = (): string => join(scratch, String(directories++));

export async function withStore<T>(
  config: Partial<StoreConfig>,
  use: (store: Store, directory: string) => Promise<T>,
  deps: StoreDeps = {},
): Promise<T> {
  const directory = config.directory ?? newDirectory();
  const store = createStore({ ...config, directory }, deps);
  await store.start();
  try {
    return await use(store, directory);
  } finally {
    await store.stop();
  }
}

export const ask = async (store: Store, sql: string, ...texts: string[]): Promise<QueryRow[]> =>
  rowsOf(await store.query(sql, { texts }));

/** 2026-11-22T13:05:00Z */
export const startMs = Date.UTC(2026, 10, 22, 13, 5);
