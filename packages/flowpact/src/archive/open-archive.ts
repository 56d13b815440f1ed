import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createStore, type QueryResult, type Store, StoreError } from '@flowpact/store';
import { isAnswered } from '../control/control-client.ts';
import { controlSocketName } from '../control/control-socket.ts';
import { createQueryClient, type QueryClient } from '../control/query-client.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { type QueryFormat, writeQueryResult } from './query-output.ts';

export interface AnswerOptions {
  /** The state directory. */
  readonly state: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** As long as anybody may wait for an answer. */
const longestTimeoutMs = 24 * 3_600_000;

/** Asks a state directory, which a running process may be writing to, and prints the answer. */
export async function printAnswer(
  options: AnswerOptions,
  ask: (
    store: Store,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<QueryResult>,
  signal: AbortSignal,
): Promise<void> {
  checkOptions(options);
  const store = createStore({
    directory: options.state,
    access: 'read',
    query: { timeoutMs: longestTimeoutMs },
  });
  await store.start();
  try {
    await print(await ask(store, { timeoutMs: options.timeout, signal }), options);
  } catch (error) {
    const { lastFailure } = store.stats;
    const isWithoutTables =
      error instanceof StoreError && error.code === 'STORE_QUERY_FAILED' && !store.hasTables;
    if (!isWithoutTables || lastFailure === undefined) throw error;
    throw new StoreError(
      error.code,
      `${error.message}\nOnly flows can be asked for: ${lastFailure.message}`,
      {
        cause: error,
      },
    );
  } finally {
    await store.stop();
  }
}

/** Asks a daemon that runs, since it alone can read its tables. @returns false where none answers */
export async function printDaemonsAnswer(
  options: AnswerOptions,
  ask: (
    daemon: QueryClient,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ) => Promise<QueryResult>,
  signal: AbortSignal,
): Promise<boolean> {
  checkOptions(options);
  const socket = join(options.state, controlSocketName);
  if (!(await isAnswered(socket))) return false;
  await print(await ask(createQueryClient(socket), { timeoutMs: options.timeout, signal }), options);
  return true;
}

function checkOptions({ json, csv, state }: AnswerOptions): void {
  if (json && csv) throw new FlowpactError('FLOWPACT_USAGE', 'give either --json or --csv, not both');
  if (existsSync(state)) return;
  throw new FlowpactError(
    'FLOWPACT_INPUT',
    `there is no state directory ${state}: name it with --state, or fill one with flowpact import`,
  );
}

async function print(result: QueryResult, options: AnswerOptions): Promise<void> {
  await writeQueryResult(result, formatOf(options), process.stdout);
  if (result.isTruncated) console.error('flowpact: there is more; --limit raises the number of rows');
}

function formatOf({ json, csv }: AnswerOptions): QueryFormat {
  if (json) return 'json';
  if (csv) return 'csv';
  return process.stdout.isTTY ? 'table' : 'json';
}
