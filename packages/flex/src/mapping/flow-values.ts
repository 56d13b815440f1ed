import type { FlowValue, FlowRow as ModelRow } from '@flowpact/event';
import { FlexReal } from '../der/flex-real.ts';
import { UnknownElement } from '../der/unknown-element.ts';
import type { FieldValue } from '../module/field-value.ts';
import type { FlowRow } from '../module/flow-row.ts';

/** A number that is no exact integer is a REAL; minus zero too, which an INTEGER does not have. */
export function fieldValueOf(value: FlowValue): FieldValue {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : new FlexReal(value);
  }
  return isList(value) ? mapped(value, fieldValueOf) : value;
}

/** A REAL becomes its (nearest) number; an alternative that this version does not know is absent to it. */
export function flowValueOf(value: FieldValue): FlowValue {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value instanceof FlexReal) return value.value;
  if (value instanceof UnknownElement) return null;
  return mapped(value as readonly FieldValue[], flowValueOf);
}

export function rowsOf(rows: readonly ModelRow[]): readonly FlowRow[] {
  return mapped(rows, rowOf);
}

export function rowOf(row: ModelRow): FlowRow {
  return mapped(row, fieldValueOf);
}

export function modelRowsOf(rows: readonly FlowRow[]): readonly ModelRow[] {
  return mapped(rows, modelRowOf);
}

export function modelRowOf(row: FlowRow): ModelRow {
  return mapped(row, flowValueOf);
}

function isList(value: FlowValue): value is readonly FlowValue[] {
  return Array.isArray(value);
}

/** Like `map`, but the array itself where nothing changes: the flows of most messages need no second copy. */
function mapped<A, B>(values: readonly A[], change: (value: A) => B): readonly B[] {
  for (let i = 0; i < values.length; i++) {
    if (!Object.is(change(values[i]), values[i])) return values.map(change);
  }
  return values as readonly unknown[] as readonly B[];
}
