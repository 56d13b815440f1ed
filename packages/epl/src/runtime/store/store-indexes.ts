import type { Environment, Subject } from '../../compile/evaluator.ts';
import { EplError } from '../../errors.ts';
import type { Bound } from '../../plan/expression.ts';
import { rewrite } from '../../plan/expression-walk.ts';
import { planKey } from '../../plan/plan-key.ts';
import type { IndexPlan } from '../../plan/store-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { HashIndex } from './hash-index.ts';
import { SortedIndex } from './sorted-index.ts';

interface Kept<I> {
  /** What it indexes, as text: equal for equal columns. */
  readonly key: string;
  readonly index: I;
  /** Statements that look into it; an index without any is given up. */
  uses: number;
}

interface Unique {
  /** Undefined for the primary key. */
  readonly name: string | undefined;
  readonly index: HashIndex;
}

/** The indexes of one named window or table: each is made once for all who look into it, and kept up to date. */
export class StoreIndexes {
  private readonly store: string;
  private readonly contents: () => Iterable<Subject>;
  private readonly environment: Environment;
  private hashes: Kept<HashIndex>[] = [];
  private sorted: Kept<SortedIndex>[] = [];
  private uniques: Unique[] = [];

  /** @param contents the rows that the store holds when it is asked */
  constructor(store: string, contents: () => Iterable<Subject>, environment: Environment) {
    this.store = store;
    this.contents = contents;
    this.environment = environment;
  }

  /** The index by equal values of those columns, made where it is not there yet. Give it back with {@link release}. */
  hash(columns: readonly Bound[]): HashIndex {
    const over = columns.map(overRow);
    return this.keep(this.hashes, planKey(over), () => new HashIndex(over));
  }

  /** The index of a table's primary key. */
  primary(columns: readonly Bound[]): HashIndex {
    const index = this.hash(columns);
    this.uniques.push({ name: undefined, index });
    return index;
  }

  /** As {@link hash}, by the order of the values of one column. */
  order(column: Bound): SortedIndex {
    const over = overRow(column);
    return this.keep(this.sorted, planKey(over), () => new SortedIndex(over));
  }

  /** The index that is there anyway. */
  existingHash(columns: readonly Bound[]): HashIndex | undefined {
    const key = planKey(columns.map(overRow));
    return this.hashes.find((kept) => kept.key === key)?.index;
  }

  existingOrder(column: Bound): SortedIndex | undefined {
    const key = planKey(overRow(column));
    return this.sorted.find((kept) => kept.key === key)?.index;
  }

  release(index: HashIndex | SortedIndex): void {
    const kept = [...this.hashes, ...this.sorted].find((one) => one.index === index);
    if (kept === undefined || --kept.uses > 0) return;
    this.hashes = this.hashes.filter((one) => one !== kept);
    this.sorted = this.sorted.filter((one) => one !== kept);
  }

  /**
   * An index that a statement declares. Returns what takes it back.
   * @throws EplError `EPL_DUPLICATE_KEY` where the rows break it already
   */
  declare({ name, unique, columns }: IndexPlan): () => void {
    const values = columns.map(({ value }) => value);
    const index = this.hash(values);
    const sorted = columns
      .filter(({ structure }) => structure === 'btree')
      .map(({ value }) => this.order(value));
    const declared: Unique = { name, index };
    const withdraw = (): void => {
      this.uniques = this.uniques.filter((one) => one !== declared);
      for (const one of [index, ...sorted]) this.release(one);
    };
    if (!unique) return withdraw;
    for (const row of this.contents()) {
      if (index.under(index.keyOf(row, this.environment)) === row) continue;
      withdraw();
      throw this.violation(name, index, row);
    }
    this.uniques.push(declared);
    return withdraw;
  }

  /** @throws EplError `EPL_DUPLICATE_KEY` where the row breaks a unique index; then it stands in none */
  add(row: Subject): void {
    const { environment } = this;
    for (const { name, index } of this.uniques)
      if (index.under(index.keyOf(row, environment)) !== undefined) throw this.violation(name, index, row);
    for (const { index } of this.hashes) index.add(row, environment);
    for (const { index } of this.sorted) index.add(row, environment);
  }

  remove(row: Subject): void {
    const { environment } = this;
    for (const { index } of this.hashes) index.remove(row, environment);
    for (const { index } of this.sorted) index.remove(row, environment);
  }

  private keep<I extends HashIndex | SortedIndex>(list: Kept<I>[], key: string, create: () => I): I {
    const known = list.find((kept) => kept.key === key);
    if (known !== undefined) {
      known.uses++;
      return known.index;
    }
    const index = create();
    for (const row of this.contents()) index.add(row, this.environment);
    list.push({ key, index, uses: 1 });
    return index;
  }

  private violation(name: string | undefined, index: HashIndex, row: Subject): EplError {
    const key = index
      .keyOf(row, this.environment)
      .map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
    return new EplError(
      'EPL_DUPLICATE_KEY',
      `${name === undefined ? 'the primary key' : `the unique index '${name}'`} of '${this.store}' has a row with the key ${key.join(', ')} already`,
    );
  }

  /** Of each index the rows in its order: what it files them under follows from them. */
  saveOrLoad(state: StateStream): void {
    const kept = [...this.hashes, ...this.sorted];
    if (!state.loading) {
      state.count(kept.length);
      for (const { key, index } of kept) {
        state.value(key);
        const rows = [...index.all()];
        state.rows(rows, rows.length);
      }
      return;
    }
    const orders = new Map<string, readonly Subject[]>();
    for (let left = state.count(0); left > 0; left--) orders.set(state.value(''), state.rows([], 0));
    for (const { key, index } of kept) index.refill(orders.get(key) ?? this.contents(), this.environment);
  }
}

/** Wherever the store stands in a from clause: its row is the only event that an index sees. */
const overRow = (column: Bound): Bound =>
  rewrite(column, (node) =>
    node.kind === 'property' && node.stream !== 0 ? { ...node, stream: 0 } : undefined,
  );
