import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { reasonOf, StoreError } from '../store-error.ts';
import {
  type CommitQueue,
  type CommitQueueLimits,
  createCommitQueue,
  isDiskFailure,
  isOutOfMemory,
} from './commit-queue.ts';
import { type DatabaseConfig, openDatabase } from './open-database.ts';

export interface Database {
  /** @throws StoreError `STORE_OPEN_FAILED`. */
  open(): Promise<void>;
  /** Waits for the writes, and asks those who lease connections to give them back. */
  close(): Promise<void>;
  /** A connection for reading. @throws StoreError `STORE_NOT_RUNNING`. */
  lease(): Promise<Lease>;
  readonly writes: Pick<CommitQueue, 'add' | 'reserve' | 'commits' | 'failures'>;
}

/** A connection of one's own, for a while. */
export interface Lease {
  readonly connection: DuckDBConnection;
  /** Aborted when the database closes: interrupt what runs and release. */
  readonly signal: AbortSignal;
  /** To be called once nothing runs on the connection any more; again is without effect. */
  release(): void;
}

export interface DatabaseDeps {
  onFailure(error: StoreError): void;
}

/**
 * The database with its one writer. After an error that DuckDB calls fatal (a full disk in the middle of a commit) the
 * instance refuses everything; the next write opens it anew then, which replays what had been committed.
 */
export function createDatabase(
  config: DatabaseConfig,
  limits: CommitQueueLimits,
  deps: DatabaseDeps,
): Database {
  let instance: DuckDBInstance | undefined;
  let writer: DuckDBConnection | undefined;
  let isInvalid = false;
  let closing = new AbortController();
  const leased = new Set<Promise<void>>();

  async function closeInstance(): Promise<void> {
    closing.abort();
    await Promise.all(leased);
    writer?.closeSync();
    writer = undefined;
    instance?.closeSync();
    instance = undefined;
  }

  async function openInstance(): Promise<void> {
    instance = await openDatabase(config);
    closing = new AbortController();
    isInvalid = false;
  }

  const running = (): DuckDBInstance => {
    if (instance === undefined) throw new StoreError('STORE_NOT_RUNNING', 'the store is not running');
    return instance;
  };

  const queue = createCommitQueue(limits, {
    async writer() {
      if (isInvalid) {
        await closeInstance();
        await openInstance();
      }
      writer ??= await running().connect();
      return writer;
    },
    onFailure(error) {
      // To open it anew also ends the queries, which is what a write needs that finds no memory.
      if (isDiskFailure(error.cause) || isOutOfMemory(error.cause)) isInvalid = true;
      deps.onFailure(error);
    },
  });

  return {
    open: openInstance,
    async close() {
      await queue.settled();
      await closeInstance();
    },
    async lease() {
      const { signal } = closing;
      const lessor = running();
      let released = () => {};
      const promise = new Promise<void>((resolve) => {
        released = resolve;
      });
      // Before the first wait, so that nothing is closed while it is being connected to.
      leased.add(promise);
      const giveBack = () => {
        leased.delete(promise);
        released();
      };
      const connection = await lessor.connect().catch((cause: unknown) => {
        giveBack();
        throw new StoreError('STORE_NOT_RUNNING', `no connection to the database: ${reasonOf(cause)}`, {
          cause,
        });
      });
      return {
        connection,
        signal,
        release() {
          if (!leased.has(promise)) return;
          connection.closeSync();
          giveBack();
        },
      };
    },
    writes: queue,
  };
}
