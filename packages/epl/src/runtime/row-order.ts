import { equal } from '../compile/comparison.ts';
import type { LimitPlan, OrderPlan } from '../plan/plan.ts';
import type { RowBuffer } from './results/row-buffer.ts';
import type { Row } from './statement.ts';

/** Order by, distinct, limit: in this order, on the rows of one delivery. */
export function arrangeRows(
  buffer: RowBuffer,
  orderBy: readonly OrderPlan[],
  distinct: boolean,
  limit: LimitPlan | undefined,
  variables: ReadonlyMap<string, unknown>,
): readonly Row[] {
  let rows: readonly Row[] = buffer.rows;
  if (rows.length === 0) return rows;
  const { sortKeys } = buffer;
  if (sortKeys !== undefined && rows.length > 1) {
    const places = rows.map((_, i) => i);
    places.sort((a, b) => compareKeys(sortKeys[a], sortKeys[b], orderBy));
    rows = places.map((place) => buffer.rows[place]);
  }
  if (distinct && rows.length > 1) rows = distinctRows(rows);
  if (limit !== undefined) {
    const amount = (limited: number | string | undefined): number | undefined => {
      const value = typeof limited === 'string' ? variables.get(limited) : limited;
      return typeof value === 'number' && value >= 0 ? value : undefined;
    };
    const offset = amount(limit.offset) ?? 0;
    const count = amount(limit.count);
    rows = rows.slice(offset, count === undefined ? undefined : offset + count);
  }
  return rows;
}

/** Null comes first ascending and last descending; false before true; strings by code unit. */
export function compareKeys(
  a: readonly unknown[],
  b: readonly unknown[],
  orderBy: readonly { readonly descending: boolean }[],
): number {
  for (let i = 0; i < orderBy.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return orderBy[i].descending ? -order : order;
  }
  return 0;
}

/** The order of two values: null before everything. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if ((a as number) < (b as number)) return -1;
  return (a as number) > (b as number) ? 1 : 0;
}

/** Of rows that are equal the first. */
export function distinctRows(rows: readonly Row[]): readonly Row[] {
  const seen = new Map<string, Row[]>();
  return rows.filter((row) => {
    const values = Object.values(row);
    // Simple values meet under one text; what the text cannot tell apart is compared.
    const text = values
      .map((value) => (typeof value === 'object' ? '' : `${typeof value} ${String(value)}`))
      .join('\u0000');
    const known = seen.get(text);
    if (known === undefined) {
      seen.set(text, [row]);
      return true;
    }
    if (known.some((other) => sameRow(values, Object.values(other)))) return false;
    known.push(row);
    return true;
  });
}

const sameRow = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.every((value, i) => value === b[i] || (value !== null && b[i] !== null && equal(value, b[i])));
