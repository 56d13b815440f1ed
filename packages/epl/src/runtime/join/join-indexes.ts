import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import type { JoinRange } from '../../plan/plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { RowStore } from '../store/row-store.ts';
import { TableIndexes } from '../table/table-indexes.ts';
import { type EventIndex, type JoinHost, JoinIndex, type WindowIndex } from './join-index.ts';
import { boundsOf, RangeChoice, RangeIndex } from './range-index.ts';

/** An index, and what it is looked up by. */
export interface RangeLookup {
  readonly index: EventIndex;
  readonly keys: readonly Evaluator[];
}

/** The indexes of all streams of a join: each is made once and kept up to date for all who look into it. */
export class JoinIndexes {
  private readonly host: JoinHost;
  private readonly byStream: readonly WindowIndex[][];
  /** Of streams that read a table: it keeps the indexes itself. */
  private readonly tables: readonly (TableIndexes | undefined)[];

  constructor(streams: number, host: JoinHost, tables: readonly (RowStore | undefined)[]) {
    this.host = host;
    this.byStream = Array.from({ length: streams }, () => []);
    this.tables = tables.map((table) => table && new TableIndexes(table));
  }

  /** The index of that stream by those keys; without keys, all its events. `meetsNull`: null equals null. */
  obtain(stream: number, keys: JoinIndex['plan'], meetsNull = false): EventIndex {
    const table = this.tables[stream];
    if (table !== undefined) return table.obtain(keys);
    const known = this.byStream[stream].find(
      (index) =>
        index instanceof JoinIndex &&
        index.meetsNull === meetsNull &&
        index.plan.length === keys.length &&
        index.plan.every((key, i) => key === keys[i]),
    );
    if (known !== undefined) return known;
    const index = new JoinIndex(keys, meetsNull);
    this.byStream[stream].push(index);
    return index;
  }

  /** The index of that stream in the order of a value; undefined for a table, which is not followed. */
  private obtainRange(stream: number, range: JoinRange): RangeIndex | undefined {
    if (this.tables[stream] !== undefined) return undefined;
    const indexes = this.byStream[stream];
    const known = indexes.find(
      (index): index is RangeIndex => index instanceof RangeIndex && index.plan === range,
    );
    if (known !== undefined) return known;
    const index = new RangeIndex(range);
    indexes.push(index);
    return index;
  }

  /** The way into that stream by all of these ranges together; undefined without any. */
  lookUpRanges(stream: number, ranges: readonly JoinRange[]): RangeLookup | undefined {
    const indexes = ranges.flatMap((range) => this.obtainRange(stream, range) ?? []);
    const [index, second] = indexes;
    if (index === undefined) return undefined;
    return second === undefined
      ? { index, keys: boundsOf(index.plan) }
      : { index: new RangeChoice(indexes), keys: [] };
  }

  /** Any index of the stream; undefined where nothing looks into it. */
  any(stream: number): EventIndex | undefined {
    return this.tables[stream]?.obtain([]) ?? this.byStream[stream][0];
  }

  /** Gives back the indexes of tables. */
  stop(): void {
    for (const table of this.tables) table?.stop();
  }

  update(stream: number, entering: readonly Subject[], leaving: readonly Subject[]): void {
    for (const index of this.byStream[stream]) {
      for (const event of entering) index.add(event, this.host);
      for (const event of leaving) index.remove(event, this.host);
    }
  }

  saveOrLoad(state: StateStream): void {
    for (const indexes of this.byStream) for (const index of indexes) index.saveOrLoad(state);
  }
}
