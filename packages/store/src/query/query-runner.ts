import type { DuckDBResult } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import type { Database, Lease } from '../database/database.ts';
import { macros } from '../database/macros.ts';
import { reasonOf, StoreError } from '../store-error.ts';
import type { QueryLimits, QueryOptions } from './query-limits.ts';
import type { QueryResult, QueryRow } from './query-result.ts';
import { toQueryValue } from './query-value.ts';

/** How a query is run. */
export interface RunOptions extends QueryOptions {
  /** Makes statements to be run before it on its connection, such as views. */
  readonly prepare?: () => Promise<readonly string[]>;
}

export interface QueryRunner {
  /** Runs one statement that reads. `texts` are bound to its `?`. @throws StoreError. */
  run(sql: string, texts: readonly string[], options: RunOptions): Promise<QueryResult>;
}

/** Gives queries their turns, a connection each, and an end. */
export function createQueryRunner(limits: QueryLimits, database: Pick<Database, 'lease'>): QueryRunner {
  let running = 0;
  const waiting: (() => void)[] = [];

  async function takeTurn(): Promise<void> {
    if (running < limits.maxConcurrent) {
      running++;
      return;
    }
    if (waiting.length >= limits.maxWaiting) {
      throw new StoreError('STORE_FULL', `${waiting.length} queries wait already; try again later`);
    }
    // Whoever ends hands the turn on, so that `running` stays.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function endTurn(): void {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }

  return {
    async run(sql, texts, options) {
      await takeTurn();
      let query: ReturnType<typeof createQuery> | undefined;
      try {
        const lease = await database.lease();
        query = createQuery(lease, limits, options, endTurn);
        return await query.start(sql, texts, (await options.prepare?.()) ?? []);
      } catch (error) {
        if (query === undefined) endTurn();
        else query.end();
        throw query?.failure(error) ?? error;
      }
    },
  };
}

const interruptEveryMs = 20;

/** Made for each connection, so that to open a database writes nothing to it. */
const temporaryMacros = macros.map((macro) => `CREATE TEMP MACRO ${macro}`);

/** One query: ends once, by its last row, by its consumer, by its time, or by the store's stop. */
function createQuery(lease: Lease, limits: QueryLimits, options: QueryOptions, onEnd: () => void) {
  const { connection } = lease;
  const timeoutMs = Math.min(options.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
  const maxRows = options.maxRows ?? limits.maxRows;
  let ending: string | undefined;
  let isBusy = false;
  let hasEnded = false;
  let isTruncated = false;

  let interrupting: NodeJS.Timeout | undefined;

  const giveUp = (why: string) => () => {
    ending ??= why;
    if (!isBusy) {
      end();
      return;
    }
    connection.interrupt();
    // DuckDB forgets an interruption that comes just before a statement begins, or just behind it.
    interrupting ??= setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  const onAbort = giveUp('it was given up');
  const onStop = giveUp('the store stops');
  const timer = setTimeout(giveUp(`it took longer than ${timeoutMs} ms`), timeoutMs);
  timer.unref();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  lease.signal.addEventListener('abort', onStop, { once: true });
  if (options.signal?.aborted) ending = 'it was given up';
  if (lease.signal.aborted) ending = 'the store stops';

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    lease.signal.removeEventListener('abort', onStop);
    lease.release();
    onEnd();
  }

  /** Nothing may be released while DuckDB works on the connection in another thread. */
  async function busy<T>(work: () => Promise<T>): Promise<T> {
    if (ending !== undefined || hasEnded) throw new Error(ending ?? 'the query has ended');
    isBusy = true;
    try {
      return await work();
    } finally {
      isBusy = false;
      clearInterval(interrupting);
    }
  }

  function failure(cause: unknown): StoreError {
    if (cause instanceof StoreError) return cause;
    return ending === undefined
      ? new StoreError('STORE_QUERY_FAILED', reasonOf(cause), { cause })
      : new StoreError('STORE_QUERY_ENDED', `the query has ended before its last row: ${ending}`, { cause });
  }

  async function* batchesOf(result: DuckDBResult): AsyncGenerator<readonly QueryRow[]> {
    let rows = 0;
    try {
      for (;;) {
        const chunk = await busy(() => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        const batch = chunk.convertRows(toQueryValue);
        rows += batch.length;
        isTruncated = rows > maxRows;
        yield isTruncated ? batch.slice(0, batch.length - (rows - maxRows)) : batch;
        if (isTruncated) return;
      }
    } catch (cause) {
      throw failure(cause);
    } finally {
      end();
    }
  }

  return {
    end,
    failure,
    async start(sql: string, texts: readonly string[], preparation: readonly string[]): Promise<QueryResult> {
      const result = await busy(async () => {
        await connection.run([...temporaryMacros, ...preparation].join(';\n'));
        // Whatever the statement calls, it cannot write then.
        await connection.run('BEGIN TRANSACTION READ ONLY');
        const statements = await connection.extractStatements(sql);
        if (statements.count !== 1) {
          throw new StoreError('STORE_QUERY_FAILED', `one statement is wanted, not ${statements.count}`);
        }
        const prepared = await statements.prepare(0);
        if (
          prepared.statementType !== StatementType.SELECT &&
          prepared.statementType !== StatementType.EXPLAIN
        ) {
          throw new StoreError(
            'STORE_QUERY_FAILED',
            'only statements that read are allowed: SELECT, FROM, WITH … SELECT, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN',
          );
        }
        prepared.bind([...texts]);
        return prepared.stream();
      });
      const types = result.columnTypes();
      return {
        columns: result.columnNames().map((name, i) => ({ name, type: types[i].toString() })),
        batches: batchesOf(result),
        get isTruncated() {
          return isTruncated;
        },
      };
    },
  };
}

/** All rows of an answer. */
export async function rowsOf(result: QueryResult): Promise<QueryRow[]> {
  const rows: QueryRow[] = [];
  for await (const batch of result.batches) rows.push(...batch);
  return rows;
}
