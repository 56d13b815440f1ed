import type { Subject } from '../../compile/evaluator.ts';
import type { TableColumnPlan, TablePlan } from '../../plan/store-plan.ts';
import type { Aggregator } from '../aggregates/aggregator.ts';
import { createAggregator } from '../aggregates/create-aggregator.ts';
import { createEventType } from '../event-type.ts';
import type { StateStream } from '../snapshot/state-stream.ts';

/** Where a row keeps its aggregations: beside its columns, which may have any name. */
const statesKey = Symbol('states');
const heldKey = Symbol('held');
const goneKey = Symbol('gone');
const copyKey = Symbol('copy');

/** A row of a table: plain columns as fields, aggregation columns as getters of their running values. */
export interface TableRow extends Subject {
  /** By the number of the aggregation column. */
  readonly [statesKey]: readonly Aggregator[];
  /** Events that entered its aggregations and have not left. */
  [heldKey]: number;
  /** Taken out of the table. */
  [goneKey]: boolean;
}

export type TableRowClass = new () => TableRow;

/**
 * Of the class of a table's rows, by its prototype, what gives the values that a row has now in an event of the
 * table's type; undefined for any other class.
 */
export const copierOf = (prototype: object): ((this: object) => object) | undefined =>
  (prototype as { [copyKey]?: (this: object) => object })[copyKey];

export const statesOf = (row: TableRow): readonly Aggregator[] => row[statesKey];
export const isGone = (row: TableRow): boolean => row[goneKey];

export function markGone(row: TableRow): void {
  row[goneKey] = true;
}

/** The running values of the row's aggregations, and how many events they hold. */
export function saveOrLoadStates(state: StateStream, row: TableRow): void {
  for (const aggregator of row[statesKey]) aggregator.saveOrLoad(state);
  row[heldKey] = state.number(row[heldKey]);
}

/** Counts an event in. */
export function hold(row: TableRow): void {
  row[heldKey]++;
}

/** Counts an event out; false where the row does not hold it: it entered a row that was deleted since. */
export function release(row: TableRow): boolean {
  if (row[heldKey] === 0) return false;
  row[heldKey]--;
  return true;
}

/** The class of a table's rows. Events may leave the aggregations at any time. */
export function tableRowClass({ name, columns, type }: TablePlan): TableRowClass {
  const plain = columns.filter(({ aggregate }) => aggregate === undefined);
  const aggregated = aggregationColumns(columns);
  const Plain = createEventType(name, plain).Instance;
  class Row extends Plain {
    readonly [statesKey] = aggregated.map(({ aggregate }) => createAggregator(aggregate!, true));
    [heldKey] = 0;
    [goneKey] = false;
  }
  aggregated.forEach((column, i) => {
    Object.defineProperty(Row.prototype, column.name, {
      get(this: TableRow) {
        return this[statesKey][i].value();
      },
    });
  });
  Object.defineProperty(Row.prototype, copyKey, {
    value(this: TableRow) {
      const copy = new type.Instance() as Record<string, unknown>;
      for (const column of columns) copy[column.name] = this[column.name];
      return copy;
    },
  });
  return Row as unknown as TableRowClass;
}

export const aggregationColumns = (columns: readonly TableColumnPlan[]): readonly TableColumnPlan[] =>
  columns.filter(({ aggregate }) => aggregate !== undefined);
