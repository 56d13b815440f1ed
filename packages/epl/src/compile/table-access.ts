import type { BoundTableAccess } from '../plan/expression.ts';
import { isAbsent } from '../runtime/absent-event.ts';
import type { PropertyType } from '../runtime/property-type.ts';
import type { Table } from '../runtime/table/table.ts';
import type { Evaluator, Subject } from './evaluator.ts';

/** `T[k].column`: null where there is no such row. `T[k]`: a copy of the row, without columns where there is none. */
export function tableAccess(
  { table: name, column }: BoundTableAccess,
  keys: readonly Evaluator[],
): Evaluator {
  return (subject, group, environment) => {
    const table = environment.stores!.get(name) as Table;
    const row = table.row(keys.map((key) => key(subject, group, environment)));
    if (column !== undefined) return row === undefined ? null : row[column];
    return row === undefined ? {} : table.snapshot(row);
  };
}

/** The row of a table in a from clause, as it is now. */
export function tableRowCopy(type: PropertyType, stream: number, joined: boolean): Evaluator {
  const { type: rowType } = type as Extract<PropertyType, { kind: 'event' }>;
  return (subject) => {
    const row = joined ? (subject as unknown as readonly Subject[])[stream] : subject;
    if (isAbsent(row)) return null;
    const copy = new rowType.Instance() as Record<string, unknown>;
    for (const { name } of rowType.properties) copy[name] = row[name];
    return copy;
  };
}
