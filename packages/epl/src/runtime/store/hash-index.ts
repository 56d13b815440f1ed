import { compileExpression } from '../../compile/compile-expression.ts';
import type { Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import { keyOf } from '../../content-text.ts';
import type { Bound } from '../../plan/expression.ts';
import type { EventIndex, JoinHost, Many } from '../join/join-index.ts';
import { NestedMap } from '../nested-map.ts';

/**
 * The rows of a named window or a table by the values of some columns. A bucket of one row, the most common, is the
 * row itself; of several a set in the order in which they came. Null equals nothing, so it is never found; a unique
 * index counts it as a key like any other.
 */
export class HashIndex implements EventIndex {
  private readonly keys: readonly Evaluator[];
  private readonly buckets: NestedMap<Subject | Set<Subject>>;
  private readonly scratch: unknown[];

  /** @param columns over one row */
  constructor(columns: readonly Bound[]) {
    this.keys = columns.map((column) => compileExpression(column, false));
    this.buckets = new NestedMap(columns.length);
    this.scratch = new Array(columns.length).fill(null);
  }

  add(row: Subject, environment: Environment): void {
    const key = this.keyOf(row, environment);
    const bucket = this.buckets.get(key);
    if (bucket === undefined) this.buckets.set(key, row);
    else if (bucket instanceof Set) bucket.add(row);
    else this.buckets.set(key, new Set([bucket, row]));
  }

  remove(row: Subject, environment: Environment): void {
    const key = this.keyOf(row, environment);
    const bucket = this.buckets.get(key);
    if (bucket === row) this.buckets.delete(key);
    else if (bucket instanceof Set) {
      bucket.delete(row);
      if (bucket.size === 0) this.buckets.delete(key);
    }
  }

  /** Holds these rows from now on, in this order. */
  refill(rows: Iterable<Subject>, environment: Environment): void {
    this.buckets.clear();
    for (const row of rows) this.add(row, environment);
  }

  /** The values that the row is filed under. */
  keyOf(row: Subject, environment: Environment): readonly unknown[] {
    const { keys, scratch } = this;
    for (let i = 0; i < keys.length; i++) scratch[i] = keyOf(keys[i](row, null, environment));
    return scratch;
  }

  /** What is filed under the values, null as a key like any other. */
  under(values: readonly unknown[]): Subject | Many | undefined {
    return this.buckets.get(values.some(Array.isArray) ? values.map(keyOf) : values);
  }

  find(keys: readonly Evaluator[], tuple: Subject, host: JoinHost): Subject | Many | undefined {
    const { scratch } = this;
    try {
      for (let i = 0; i < keys.length; i++) {
        const value = keys[i](tuple, null, host);
        if (value === null) return undefined;
        scratch[i] = keyOf(value);
      }
    } catch (error) {
      host.failed(error);
      return undefined;
    }
    return this.buckets.get(scratch);
  }

  *all(): Iterable<Subject> {
    for (const bucket of this.buckets.values()) {
      if (bucket instanceof Set) yield* bucket;
      else yield bucket;
    }
  }
}
