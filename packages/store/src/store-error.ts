export type StoreErrorCode =
  /** The database cannot be opened, is another version's, or another process has it. */
  | 'STORE_OPEN_FAILED'
  /** The disk is full, or a file cannot be written. What was asked for is not stored; try again later. */
  | 'STORE_WRITE_FAILED'
  /** The query is wrong, or would change something. */
  | 'STORE_QUERY_FAILED'
  /** The query took longer than it may, or was given up. */
  | 'STORE_QUERY_ENDED'
  /** A configured bound is reached. */
  | 'STORE_FULL'
  /** It has not been started, or has been stopped. */
  | 'STORE_NOT_RUNNING';

/** Everything that this package throws. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The reason in words, for a message that says what failed. */
export const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
