import type { DuckDBConnection } from '@duckdb/node-api';
import { reasonOf, StoreError } from '../store-error.ts';

/** Writes something, inside a transaction that the queue opens and commits. May be run again where others failed. */
export type WriteStep<T> = (connection: DuckDBConnection) => Promise<T>;

export interface CommitQueueLimits {
  /** Steps that may wait. */
  readonly maxSteps: number;
  /** Bytes that may wait in them. */
  readonly maxBytes: number;
}

export interface CommitQueueDeps {
  /** The one connection that writes. Asked for anew before each transaction. */
  writer(): Promise<DuckDBConnection>;
  /** A transaction could not be committed. */
  onFailure(error: StoreError): void;
}

interface Waiting {
  run(connection: DuckDBConnection): Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

export interface CommitQueue {
  /**
   * Runs the step in a transaction together with whatever else waits, and resolves when that is on the disk: DuckDB
   * flushes its write-ahead log (fsync) with every commit, so a burst costs few of them.
   * @throws StoreError `STORE_FULL`, `STORE_WRITE_FAILED`.
   */
  add<T>(bytes: number, step: WriteStep<T>): Promise<T>;
  /** Counts bytes among those that wait, for a step that takes more than it was added with. @throws StoreError `STORE_FULL`. */
  reserve(bytes: number): { release(): void };
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  readonly commits: number;
  readonly failures: number;
}

/** Steps in one transaction, so that none waits for too many others. */
const maxStepsTogether = 1000;

export function createCommitQueue(limits: CommitQueueLimits, deps: CommitQueueDeps): CommitQueue {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let working: Promise<void> | undefined;
  let commits = 0;
  let failures = 0;

  /** All of them in one transaction; throws with none of them done. */
  async function commit(steps: readonly Waiting[]): Promise<void> {
    const connection = await deps.writer();
    await connection.run('BEGIN');
    try {
      for (const step of steps) await step.run(connection);
      await connection.run('COMMIT');
      commits++;
    } catch (error) {
      // A failed commit has ended the transaction already.
      await connection.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async function commitOrFail(steps: readonly Waiting[]): Promise<void> {
    try {
      await commit(steps);
      for (const step of steps) step.resolve();
    } catch (cause) {
      // One step may be to blame for all, unless the disk is.
      if (steps.length > 1 && !isDiskFailure(cause)) {
        for (const step of steps) await commitOrFail([step]);
        return;
      }
      failures += steps.length;
      const error =
        cause instanceof StoreError && cause.code === 'STORE_NOT_RUNNING'
          ? cause
          : new StoreError('STORE_WRITE_FAILED', `cannot write to the database: ${reasonOf(cause)}`, {
              cause,
            });
      deps.onFailure(error);
      for (const step of steps) step.reject(error);
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      const steps = waiting.slice(0, maxStepsTogether);
      waiting = waiting.slice(maxStepsTogether);
      await commitOrFail(steps);
    }
    working = undefined;
  }

  function reserve(bytes: number): { release(): void } {
    if (waiting.length >= limits.maxSteps || waitingBytes + bytes > limits.maxBytes) {
      throw new StoreError(
        'STORE_FULL',
        `${waiting.length} writes of ${waitingBytes} bytes wait for the disk already; it is too slow, or something fails: see the last errors`,
      );
    }
    waitingBytes += bytes;
    return {
      release() {
        waitingBytes -= bytes;
      },
    };
  }

  return {
    reserve,
    async add<T>(bytes: number, step: WriteStep<T>): Promise<T> {
      const { release } = reserve(bytes);
      return new Promise<T>((resolve, reject) => {
        let result: T;
        waiting.push({
          async run(connection) {
            result = await step(connection);
          },
          resolve: () => resolve(result),
          reject,
        });
        working ??= Promise.resolve().then(work);
      }).finally(release);
    },
    async settled() {
      while (working !== undefined) await working;
    },
    get commits() {
      return commits;
    },
    get failures() {
      return failures;
    },
  };
}

/** DuckDB's words for a file that cannot be written, and for a database that it has given up after that. */
export const isDiskFailure = (cause: unknown): boolean =>
  /^(IO Error|FATAL Error|TransactionContext Error: Failed to commit|Fatal)/i.test(reasonOf(cause)) ||
  reasonOf(cause).includes('database has been invalidated');

/** DuckDB's words where queries have taken the memory that a write needs. */
export const isOutOfMemory = (cause: unknown): boolean => reasonOf(cause).startsWith('Out of Memory Error');
