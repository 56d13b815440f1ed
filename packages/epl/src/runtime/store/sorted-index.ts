import { compileExpression } from '../../compile/compile-expression.ts';
import type { Environment, Evaluator, Subject } from '../../compile/evaluator.ts';
import type { Bound } from '../../plan/expression.ts';
import { compareValues } from '../row-order.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';

interface Entry {
  readonly value: unknown;
  readonly row: Subject;
}

/** One end of a range. */
export interface RangeEnd {
  readonly value: unknown;
  readonly included: boolean;
}

/** Blocks are halved beyond this many entries: what is moved at an insertion stays in the cache. */
const longestBlock = 512;

/**
 * The rows of a named window or a table in the order of the values of one column: sorted blocks, so that a row is
 * put in and taken out without moving all others. Rows whose value is null, or no number, are in no range.
 */
export class SortedIndex {
  private readonly key: Evaluator;
  /** None of them empty. */
  private readonly blocks: Entry[][] = [];

  /** @param column over one row */
  constructor(column: Bound) {
    this.key = compileExpression(column, false);
  }

  add(row: Subject, environment: Environment): void {
    const value = this.key(row, null, environment);
    if (value === null || Number.isNaN(value)) return;
    const { blocks } = this;
    if (blocks.length === 0) {
      blocks.push([{ value, row }]);
      return;
    }
    // Behind equal values: they keep the order in which they came.
    const at = Math.max(0, this.blockOf(value, true) - 1);
    const block = blocks[at];
    block.splice(placeIn(block, value, true), 0, { value, row });
    if (block.length > longestBlock) blocks.splice(at + 1, 0, block.splice(block.length >> 1));
  }

  remove(row: Subject, environment: Environment): void {
    const value = this.key(row, null, environment);
    if (value === null || Number.isNaN(value)) return;
    const { blocks } = this;
    for (let at = Math.max(0, this.blockOf(value, false) - 1); at < blocks.length; at++) {
      const block = blocks[at];
      for (let i = placeIn(block, value, false); i < block.length; i++) {
        if (compareValues(block[i].value, value) !== 0) return;
        if (block[i].row !== row) continue;
        block.splice(i, 1);
        if (block.length === 0) blocks.splice(at, 1);
        return;
      }
    }
  }

  /** Holds these rows from now on, of equal values the first one first. */
  refill(rows: Iterable<Subject>, environment: Environment): void {
    this.blocks.length = 0;
    for (const row of rows) this.add(row, environment);
  }

  all(): Iterable<Subject> {
    return this.range(undefined, undefined);
  }

  /** How many rows stand between the ends. */
  count(low: RangeEnd | undefined, high: RangeEnd | undefined): number {
    return Math.max(0, this.before(high, true) - this.before(low, false));
  }

  /** The rows before an end: before the upper one those that it includes, before the lower one those that it does not. */
  private before(end: RangeEnd | undefined, upper: boolean): number {
    const { blocks } = this;
    if (end === undefined && !upper) return 0;
    const behind = end !== undefined && end.included === upper;
    const last = end === undefined ? blocks.length : Math.max(0, this.blockOf(end.value, behind) - 1);
    let count = 0;
    for (let at = 0; at < last; at++) count += blocks[at].length;
    return end === undefined || blocks.length === 0
      ? count
      : count + placeIn(blocks[last], end.value, behind);
  }

  /** The rows between the ends, in order; a missing end is open. */
  *range(low: RangeEnd | undefined, high: RangeEnd | undefined): Iterable<Subject> {
    const { blocks } = this;
    let at = low === undefined ? 0 : Math.max(0, this.blockOf(low.value, !low.included) - 1);
    let from = low === undefined || blocks.length === 0 ? 0 : placeIn(blocks[at], low.value, !low.included);
    for (; at < blocks.length; at++, from = 0) {
      const block = blocks[at];
      for (let i = from; i < block.length; i++) {
        if (high !== undefined) {
          const order = compareValues(block[i].value, high.value);
          if (order > 0 || (order === 0 && !high.included)) return;
        }
        yield block[i].row;
      }
    }
  }

  /** How many blocks begin before that value; with `behind` also those that begin with it. */
  private blockOf(value: unknown, behind: boolean): number {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareValues(blocks[middle][0].value, value);
      if (order < 0 || (behind && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  saveOrLoad(state: StateStream): void {
    const entries = this.blocks.flat();
    const values = state.values(
      entries.map(({ value }) => value),
      entries.length,
    );
    const rows = state.events(
      entries.map(({ row }) => row),
      entries.length,
    );
    if (!state.loading) return;
    if (rows.length !== values.length) throw new UnfitState('rows of an index are missing');
    this.blocks.length = 0;
    for (let at = 0; at < rows.length; at += longestBlock) {
      const block = rows.slice(at, at + longestBlock);
      this.blocks.push(block.map((row, i) => ({ value: values[at + i], row })));
    }
  }
}

/** The place before entries of that value, or behind them. */
function placeIn(block: readonly Entry[], value: unknown, behind: boolean): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(block[middle].value, value);
    if (order < 0 || (behind && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
