import { keyOf } from '../content-text.ts';
import { NestedMap } from './nested-map.ts';
import type { Row } from './statement.ts';

/** What one call of a listener is given. */
export interface Part {
  readonly newRows: Row[];
  readonly oldRows: Row[];
}

/**
 * `for discrete_delivery`: each row is a delivery of its own, the new ones first. `for grouped_delivery (k)`: the rows of
 * each value of the columns are, in the order in which the values come, those of new rows first.
 *
 * @param columns none where each row stands alone
 */
export function splitDelivery(
  newRows: readonly Row[],
  oldRows: readonly Row[],
  columns: readonly string[],
): readonly Part[] {
  if (columns.length === 0) {
    return [
      ...newRows.map((row) => ({ newRows: [row], oldRows: [] })),
      ...oldRows.map((row) => ({ newRows: [], oldRows: [row] })),
    ];
  }
  const parts: Part[] = [];
  const byValues = new NestedMap<Part>(columns.length);
  const partOf = (row: Row): Part => {
    const values = columns.map((column) => keyOf(row[column]));
    let part = byValues.get(values);
    if (part === undefined) {
      part = { newRows: [], oldRows: [] };
      byValues.set(values, part);
      parts.push(part);
    }
    return part;
  };
  for (const row of newRows) partOf(row).newRows.push(row);
  for (const row of oldRows) partOf(row).oldRows.push(row);
  return parts;
}
