export type StoreErrorCode =
  /** The database cannot be opened, or is another version's. */
  | 'STORE_OPEN_FAILED'
  /** The disk is full, or the file cannot be written. */
  | 'STORE_WRITE_FAILED'
  /** The query is wrong, took too long, or would change something. */
  | 'STORE_QUERY_FAILED'
  /** A configured bound is reached. */
  | 'STORE_FULL';

/** Everything that this package throws. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
