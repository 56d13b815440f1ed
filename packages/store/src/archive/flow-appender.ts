import {
  blobValue,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBVector,
} from '@duckdb/node-api';
import { StoreError } from '../store-error.ts';
import type { ColumnValues, FlowRows } from './flow-batch.ts';

/** Puts flows into tables through one chunk of vectors, which is used again and again. */
export interface FlowAppender {
  append(appender: DuckDBAppender, flows: FlowRows): void;
}

export function createFlowAppender(types: readonly DuckDBType[]): FlowAppender {
  const chunk = DuckDBDataChunk.create(types);
  return {
    append(appender, { rows, columns }) {
      chunk.reset();
      chunk.rowCount = rows;
      for (const [i, { values, valid }] of columns.entries()) {
        fillVector(chunk.getColumnVector(i), values, valid);
      }
      appender.appendDataChunk(chunk);
    },
  };
}

/** What a vector of DuckDB has inside; its types call that private, and the package's version is pinned. */
interface VectorMemory {
  readonly items?: { set(values: ColumnValues): void };
  readonly validity: { data: BigUint64Array | null };
}

function fillVector(vector: DuckDBVector, values: ColumnValues, valid: BigUint64Array | undefined): void {
  const inside = vector as unknown as VectorMemory;
  if (Array.isArray(values)) {
    for (const [row, value] of values.entries()) {
      if (value !== null) vector.setItem(row, typeof value === 'string' ? value : blobValue(value));
    }
  } else {
    // Its method for one value at a time costs ten times as much.
    if (inside.items === undefined || inside.validity === undefined) {
      throw new StoreError(
        'STORE_OPEN_FAILED',
        'this version of @duckdb/node-api keeps the memory of its vectors elsewhere: install the one that is pinned',
      );
    }
    inside.items.set(values);
  }
  if (valid !== undefined) inside.validity.data = valid;
  vector.flush();
}
