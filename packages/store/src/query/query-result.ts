/**
 * A value of an answer: integers as numbers, bigint beyond 2^53-1; times as text of ISO 8601 in UTC, dates as
 * `2026-11-22`; octets as Uint8Array; lists and structures of these.
 */
export type QueryValue =
  | null
  | number
  | bigint
  | string
  | boolean
  | Uint8Array
  | readonly QueryValue[]
  | { readonly [name: string]: QueryValue };

export type QueryRow = readonly QueryValue[];

export interface QueryColumn {
  readonly name: string;
  /** DuckDB's name of its type: `UINTEGER`, `VARCHAR[]`, … */
  readonly type: string;
}

/**
 * An answer on its way. Its connection is held until the last row is taken, the loop over the rows is left, or its time
 * is over.
 */
export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  /** The rows, some at a time. @throws StoreError `STORE_QUERY_FAILED`, `STORE_QUERY_ENDED`. */
  readonly batches: AsyncIterableIterator<readonly QueryRow[]>;
  /** After the last row: whether there would have been more than `maxRows`. */
  readonly isTruncated: boolean;
}
