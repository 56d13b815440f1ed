import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { SelectPlan } from '../../plan/plan.ts';
import type { Stateful } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { RowBuffer } from './row-buffer.ts';

/** Takes rows on their way out. */
export interface RowSink {
  /** The rows of one change, the new ones and the old ones. `forced`: to be told even where both are empty. */
  give(newRows: RowBuffer, oldRows: RowBuffer, forced: boolean): void;
}

/** Also takes rows that nobody puts in order: where {@link RowWriter.isPlain}. */
export interface PlainRowSink extends RowSink {
  giveRows(newRows: readonly Row[], oldRows: readonly Row[]): void;
}

/** What a builder needs from the instance that it works for. */
export interface BuilderHost extends Environment {
  isNew: boolean;
  /** Counts groups against the limit. @throws EplError `EPL_LIMIT` */
  retain(count: number): void;
  /** Counts and reports an exception over one event; the others go on. */
  failed(error: unknown): void;
}

/** Turns the delta of the window or of the join into rows: one class for each shape of answer. */
export interface ResultBuilder extends Stateful {
  /** `forced`: an interval that must be told even if nothing happened in it. */
  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void;
  /**
   * The current rows, of what the window or the join holds now: of groups those that have an event in it, in that
   * order. Undefined contents: there is no window, and every group that is known has a row.
   */
  current(contents: Iterable<Subject> | undefined): RowBuffer;
}

/** Which streams of rows anybody takes. */
export interface WantedRows {
  readonly newRows: boolean;
  readonly oldRows: boolean;
}

/** Listeners and the stream that is inserted into may take different rows. */
export function wantedRows({ selector, insertInto, output, result }: SelectPlan): WantedRows {
  const inserted = insertInto?.selector;
  // `output first` by events may open a group at an event that leaves it, and gives the row of that.
  const opens =
    output?.display === 'first' &&
    output.trigger?.kind === 'events' &&
    result.kind === 'per-event-group-totals';
  return {
    newRows: selector !== 'rstream' || (inserted !== undefined && inserted !== 'rstream'),
    oldRows: opens || selector !== 'istream' || (inserted !== undefined && inserted !== 'istream'),
  };
}
