import type { Clock } from './clock.ts';
import type { QueryLimits } from './query/query-limits.ts';
import type { RetentionLimits } from './retention/retention-limits.ts';
import type { StoreError } from './store-error.ts';

export interface StoreConfig {
  /**
   * The state directory: the tables in `flowpact.duckdb`, the flows in `flows/`. Made where it is missing, readable by its
   * owner alone. One process at a time writes the tables.
   */
  readonly directory: string;
  /**
   * `read`: nothing is changed, and where another process holds the tables only the flows are there. `flows`: there are no
   * tables, and flows are removed when they are too old or too many. Default `write`.
   */
  readonly access?: 'write' | 'read' | 'flows';
  readonly limits?: Partial<StoreLimits>;
  readonly query?: Partial<QueryLimits>;
  /** Of the tables and of the flows. */
  readonly retention?: Partial<RetentionLimits>;
}

/** Bounds of the tables. */
export interface StoreLimits {
  /** Bytes of memory that the tables and all queries together may take. Default 512 MiB. */
  readonly memoryLimitBytes: number;
  /** Threads of DuckDB. Default 2. */
  readonly threads: number;
  /** Bytes of the write-ahead log above which it is merged into the file. Default 16 MiB. */
  readonly checkpointBytes: number;
  /** Bytes on the disk that queries may take while they run, in `tmp/`. Default 2 GiB. */
  readonly maxTemporaryBytes: number;
  /** Writes that wait for the disk. Default 10,000. */
  readonly maxWaitingWrites: number;
  /** Bytes of all writes that wait for the disk. Default 64 MiB. */
  readonly maxWaitingBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultStoreLimits: StoreLimits = {
  memoryLimitBytes: 512 * mebibyte,
  threads: 2,
  checkpointBytes: 16 * mebibyte,
  maxTemporaryBytes: 2048 * mebibyte,
  maxWaitingWrites: 10_000,
  maxWaitingBytes: 64 * mebibyte,
};

export interface StoreDeps {
  /** Default the system's. */
  readonly clock?: Clock;
  /** Calls again and again until the function that it returns is called. Default a timer that keeps no process alive. */
  readonly every?: (periodMs: number, call: () => void) => () => void;
  /** Hears of what could not be written; it is counted in any case. */
  readonly onFailure?: (error: StoreError) => void;
}
