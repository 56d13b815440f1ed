/** Bounds on what one who asks can take from the others. */
export interface QueryLimits {
  /** Milliseconds from the question to the last row taken. Default 30,000. */
  readonly timeoutMs: number;
  /** Rows of an answer; what is beyond is left out, and said so. Default 10,000. */
  readonly maxRows: number;
  /**
   * Queries at a time; others wait. Each may hold a thread of libuv's pool, which has 4 unless UV_THREADPOOL_SIZE says
   * otherwise, and which files, DNS and our own writing need too. Default 2.
   */
  readonly maxConcurrent: number;
  /** Queries that wait for their turn. Default 100. */
  readonly maxWaiting: number;
}

export const defaultQueryLimits: QueryLimits = {
  timeoutMs: 30_000,
  maxRows: 10_000,
  maxConcurrent: 2,
  maxWaiting: 100,
};

/** What one query says of itself. */
export interface QueryOptions {
  /** Left out: the store's limit, which it cannot exceed. */
  readonly timeoutMs?: number;
  /** Left out: the store's limit, which it can exceed: rows come as they are taken and are not kept. */
  readonly maxRows?: number;
  readonly signal?: AbortSignal;
}
