import type { Condition, Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { LookupProgram } from '../../compile/lookup-program.ts';
import { isMany, type JoinHost } from '../join/join-index.ts';
import { compareValues } from '../row-order.ts';
import type { HashIndex } from './hash-index.ts';
import type { RowStore } from './row-store.ts';
import type { RangeEnd, SortedIndex } from './sorted-index.ts';

/** A row of a store, what triggers the lookup, and of an update the row as it was before. */
export type StoreTuple = [row: Subject | null, trigger: Subject | null, initial: Subject | null];

/** Finds the rows of a store that fit, with an index that it keeps while it runs. */
export class StoreLookup {
  private readonly program: LookupProgram;
  private readonly store: RowStore;
  private readonly host: JoinHost;
  private readonly hash: HashIndex | undefined;
  private readonly sorted: SortedIndex | undefined;

  constructor(program: LookupProgram, store: RowStore, host: JoinHost) {
    const { equalities, range } = program.plan;
    this.program = program;
    this.store = store;
    this.host = host;
    this.hash =
      equalities.length > 0 ? store.indexes.hash(equalities.map(({ column }) => column)) : undefined;
    this.sorted = range && store.indexes.order(range.column);
  }

  /** All at once: the store may be changed while they are handled. Their order is that of the store or the index. */
  find(trigger: Subject | null): readonly Subject[] {
    const { program, host } = this;
    const tuple: StoreTuple = [null, trigger, null];
    return passing(this.candidates(tuple as unknown as Subject), program.residual, tuple, host);
  }

  stop(): void {
    if (this.hash !== undefined) this.store.indexes.release(this.hash);
    if (this.sorted !== undefined) this.store.indexes.release(this.sorted);
  }

  private candidates(tuple: Subject): Iterable<Subject> {
    const { hash, sorted, program, host } = this;
    if (hash !== undefined) return equalRows(hash, program.keys, tuple, host);
    return sorted === undefined ? this.store.contents() : rowsBetween(sorted, program, tuple, host);
  }
}

/** As {@link StoreLookup}, once: with an index that is there anyway, or by looking at all rows. */
export function findOnce(program: LookupProgram, store: RowStore, host: JoinHost): readonly Subject[] {
  const tuple: StoreTuple = [null, null, null];
  const rows = likelyRows(program, store, tuple as unknown as Subject, host) ?? store.contents();
  return passing(rows, program.where, tuple, host);
}

/** Those among which all that fit are, by an index over all the equal columns, one of them, or the range. */
function likelyRows(
  program: LookupProgram,
  { indexes }: RowStore,
  tuple: Subject,
  host: JoinHost,
): Iterable<Subject> | undefined {
  const { equalities, range } = program.plan;
  const { keys } = program;
  const columns = equalities.map(({ column }) => column);
  const whole = columns.length > 0 ? indexes.existingHash(columns) : undefined;
  if (whole !== undefined) return equalRows(whole, keys, tuple, host);
  for (const [i, column] of columns.entries()) {
    const part = indexes.existingHash([column]);
    if (part !== undefined) return equalRows(part, [keys[i]], tuple, host);
  }
  const sorted = range && indexes.existingOrder(range.column);
  return sorted && rowsBetween(sorted, program, tuple, host);
}

function equalRows(
  index: HashIndex,
  keys: readonly Evaluator[],
  tuple: Subject,
  host: JoinHost,
): Iterable<Subject> {
  const found = index.find(keys, tuple, host);
  return found === undefined ? [] : isMany(found) ? found : [found];
}

/** Null is in no range, and nothing is between null and anything. */
function rowsBetween(
  index: SortedIndex,
  { plan: { range }, low, high }: LookupProgram,
  tuple: Subject,
  environment: Environment,
): Iterable<Subject> {
  const lowValue = low?.(tuple, null, environment);
  const highValue = high?.(tuple, null, environment);
  if (lowValue === null || highValue === null) return [];
  const lowEnd: RangeEnd | undefined = range!.low && { value: lowValue, included: range!.low.included };
  const highEnd: RangeEnd | undefined = range!.high && { value: highValue, included: range!.high.included };
  if (range!.swaps && compareValues(lowValue, highValue) > 0)
    return index.range(
      { value: highValue, included: range!.low!.included },
      { value: lowValue, included: range!.high!.included },
    );
  return index.range(lowEnd, highEnd);
}

/** An exception over one row is reported, and the row does not fit. */
/** The rows that fit the condition, over the tuple; what goes wrong with one row is told, and it does not fit. */
export function passing(
  rows: Iterable<Subject>,
  test: Condition | undefined,
  tuple: StoreTuple,
  host: JoinHost,
): readonly Subject[] {
  if (test === undefined) return [...rows];
  const found: Subject[] = [];
  for (const row of rows) {
    tuple[0] = row;
    try {
      if (test(tuple as unknown as Subject, null, host) === true) found.push(row);
    } catch (error) {
      host.failed(error);
    }
  }
  return found;
}
