import type { Subject } from '../../compile/evaluator.ts';
import { EplError } from '../../errors.ts';
import type { Bound } from '../../plan/expression.ts';
import type { TablePlan } from '../../plan/store-plan.ts';
import type { EventType } from '../event-type.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Expendable } from '../state-budget.ts';
import type { Row } from '../statement.ts';
import type { EventTrigger } from '../statement-instance.ts';
import type { HashIndex } from '../store/hash-index.ts';
import type { Draft, RowChange, RowStore } from '../store/row-store.ts';
import { StoreIndexes } from '../store/store-indexes.ts';
import type { WindowHost } from '../windows/data-window.ts';
import {
  aggregationColumns,
  markGone,
  saveOrLoadStates,
  type TableRow,
  type TableRowClass,
  tableRowClass,
} from './table-row.ts';

/**
 * A table: a row for each primary key, or a single row. Rows change in place and nobody is told; who reads one sees it
 * as it is then.
 */
export class Table implements RowStore, EventTrigger, Expendable {
  readonly name: string;
  readonly type: EventType;
  readonly indexes: StoreIndexes;
  readonly tells = false;
  /** The aggregation columns, by the numbers of their states in a row. */
  readonly aggregations: readonly string[];
  private readonly keys: readonly string[];
  private readonly plain: readonly string[];
  private readonly Row: TableRowClass;
  private readonly host: WindowHost;
  /** Undefined without a primary key. */
  private readonly primary: HashIndex | undefined;
  /** Of a table without a primary key. */
  private single: TableRow | undefined;

  constructor(plan: TablePlan, host: WindowHost) {
    const { name, type, columns, keys } = plan;
    this.name = name;
    this.type = type;
    this.keys = keys;
    this.host = host;
    this.Row = tableRowClass(plan);
    this.aggregations = aggregationColumns(columns).map((column) => column.name);
    this.plain = columns.filter(({ aggregate }) => aggregate === undefined).map((column) => column.name);
    this.indexes = new StoreIndexes(name, () => this.contents(), host);
    const values = keys.map(
      (key): Bound => ({ kind: 'property', type: type.property(key)!.type, stream: 0, name: key }),
    );
    this.primary = keys.length === 0 ? undefined : this.indexes.primary(values);
  }

  /** The row of those keys. Null is a key like any other. */
  row(keys: readonly unknown[]): TableRow | undefined {
    return this.primary === undefined ? this.single : (this.primary.under(keys) as TableRow | undefined);
  }

  /** The row of those keys, made where it is not there: its other columns are null. */
  obtain(keys: readonly unknown[]): TableRow {
    const known = this.row(keys);
    if (known !== undefined) return known;
    const row = new this.Row();
    this.keys.forEach((key, i) => {
      (row as Draft)[key] = keys[i];
    });
    this.add(row);
    return row;
  }

  /** Rows come in by {@link commit} and {@link obtain} only. */
  run(): void {}

  contents(): Iterable<TableRow> {
    if (this.primary !== undefined) return this.primary.all() as Iterable<TableRow>;
    return this.single === undefined ? [] : [this.single];
  }

  rows(): Iterable<Row> {
    return [...this.contents()].map((row) => this.snapshot(row));
  }

  /** The key of each row: its value, or of several columns the list of these. */
  keyList(): readonly unknown[] {
    const { keys } = this;
    const rows = [...this.contents()];
    return keys.length === 1
      ? rows.map((row) => row[keys[0]])
      : rows.map((row) => keys.map((key) => row[key]));
  }

  draft(row: Subject): Draft {
    const draft = new this.type.Instance() as Draft;
    for (const { name } of this.type.properties) draft[name] = row[name];
    return draft;
  }

  snapshot(row: Subject): Row {
    return this.draft(row);
  }

  commit(changes: readonly RowChange[]): void {
    for (const { row, draft } of changes)
      if (row !== undefined && draft === undefined) this.remove(row as TableRow);
    for (const { row, draft } of changes) {
      if (draft === undefined) continue;
      if (row === undefined) this.insert(draft);
      else this.replace(row as TableRow, draft);
    }
  }

  dropOldest(): boolean {
    for (const row of this.contents()) {
      this.remove(row);
      return true;
    }
    return false;
  }

  stop(): void {}

  private insert(draft: Draft): void {
    if (this.primary === undefined && this.single !== undefined)
      throw new EplError(
        'EPL_DUPLICATE_KEY',
        `the table '${this.name}' has no primary key and holds its only row already`,
      );
    const row = new this.Row();
    this.fill(row, draft);
    this.add(row);
  }

  private add(row: TableRow): void {
    this.host.retain(1);
    try {
      this.indexes.add(row);
    } catch (error) {
      this.host.retain(-1);
      throw error;
    }
    if (this.primary === undefined) this.single = row;
  }

  private remove(row: TableRow): void {
    this.indexes.remove(row);
    if (this.single === row) this.single = undefined;
    markGone(row);
    this.host.retain(-1);
  }

  /** Aggregations go on. @throws EplError `EPL_DUPLICATE_KEY` where another row has the key; nothing is changed then */
  private replace(row: TableRow, draft: Draft): void {
    const before = this.draft(row);
    this.indexes.remove(row);
    this.fill(row, draft);
    try {
      this.indexes.add(row);
    } catch (error) {
      this.fill(row, before);
      this.indexes.add(row);
      throw error;
    }
  }

  private fill(row: TableRow, draft: Draft): void {
    for (const name of this.plain) (row as Draft)[name] = draft[name] ?? null;
  }

  saveOrLoad(state: StateStream): void {
    const known = [...this.contents()];
    const rows: TableRow[] = [];
    const count = state.count(known.length);
    for (let i = 0; i < count; i++) {
      const row = state.loading ? new this.Row() : known[i];
      for (const name of this.plain) (row as Draft)[name] = state.value(row[name]);
      saveOrLoadStates(state, row);
      state.introduce(row);
      rows.push(row);
    }
    if (state.loading) this.hold(rows);
    this.indexes.saveOrLoad(state);
  }

  /** Holds these rows from now on. */
  private hold(rows: readonly TableRow[]): void {
    if (this.primary === undefined) [this.single] = rows;
    else this.primary.refill(rows, this.host);
  }
}
