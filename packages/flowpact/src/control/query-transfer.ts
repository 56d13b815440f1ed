import type { QueryColumn, QueryRow, QueryValue } from '@flowpact/store';

/** One line of an answer that goes from one process to another, as JSON. */
export type QueryLine =
  | { readonly columns: readonly QueryColumn[] }
  /** Rows, see {@link encodeRow}. */
  | { readonly rows: readonly unknown[] }
  /** The last line. */
  | { readonly isTruncated: boolean }
  /** The last line, too: the question has failed. */
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * JSON has no octets and no integers beyond 2^53-1: both become an object with one key, and so do structures, which could be
 * taken for one otherwise.
 */
function encodeValue(value: QueryValue): unknown {
  if (typeof value === 'bigint') return { integer: String(value) };
  if (value instanceof Uint8Array) return { octets: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(encodeValue);
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => [name, encodeValue(each)]);
    return { structure: Object.fromEntries(entries) };
  }
  return value;
}

function decodeValue(value: unknown): QueryValue {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (typeof value !== 'object' || value === null) return value as QueryValue;
  const [[kind, content]] = Object.entries(value);
  switch (kind) {
    case 'integer':
      return BigInt(content as string);
    case 'octets':
      return Uint8Array.from(Buffer.from(content as string, 'hex'));
    case 'number':
      return Number(content);
    default:
      return Object.fromEntries(
        Object.entries(content as object).map(([name, each]) => [name, decodeValue(each)]),
      );
  }
}

export const encodeRow = (row: QueryRow): unknown[] => row.map(encodeValue);
export const decodeRow = (row: unknown): QueryRow => (row as unknown[]).map(decodeValue);
