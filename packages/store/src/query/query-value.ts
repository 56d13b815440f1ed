import {
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBValueConverter,
  JSDuckDBValueConverter,
} from '@duckdb/node-api';
import type { QueryValue } from './query-result.ts';

/** What DuckDB's values become. */
export const toQueryValue: DuckDBValueConverter<QueryValue> = (
  value: DuckDBValue,
  type: DuckDBType,
): QueryValue => plain(JSDuckDBValueConverter(value, type, JSDuckDBValueConverter), type);

function plain(value: unknown, type: DuckDBType | undefined): QueryValue {
  switch (typeof value) {
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case 'number':
    case 'string':
    case 'boolean':
      return value;
    case 'object': {
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) {
        const text = Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
        return type?.typeId === DuckDBTypeId.DATE ? text.slice(0, 10) : text;
      }
      if (Array.isArray(value)) return value.map((item) => plain(item, undefined));
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, undefined)]));
    }
    default:
      return null;
  }
}
