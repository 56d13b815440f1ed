import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { SlotOwner } from '../key-slots.ts';
import type { BuilderHost, PlainRowSink, WantedRows } from '../results/result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import { CountTable } from './count-table.ts';
import type { SlidingContent } from './sliding-content.ts';
import { noSlot, SlotQueue } from './slot-queue.ts';

/**
 * A sliding window of groups that only count: of each event its group's slot is kept. Gives what `PerGroupBuilder`
 * gives. The first number of a group is its count, the second the change in which it was last touched.
 */
export class SlidingGroupCounts implements SlidingContent, SlotOwner {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: PlainRowSink;
  private readonly table: CountTable;
  /** New rows alone are given, as they are made. */
  private readonly isPlain: boolean;
  private readonly waiting = new SlotQueue();
  private latestChange = 0;
  /** The groups that the change touches, so many of them: used again and again. */
  private readonly touched: number[] = [];
  private touchedCount = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: PlainRowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.table = new CountTable(program, this);
    this.isPlain = program.writer.isPlain && wanted.newRows && !wanted.oldRows;
  }

  change(event: Subject | undefined, leaving: number): void {
    this.latestChange++;
    this.touchedCount = 0;
    const oldRows = this.wanted.oldRows ? this.writer.buffer() : noRows;
    const entered = event !== undefined && this.enter(event, oldRows);
    for (let left = leaving; left > 0; left--) {
      const slot = this.waiting.shift();
      if (slot !== noSlot) this.count(slot, -1, oldRows);
    }
    if (this.isPlain && this.touchedCount <= 2) {
      const rows = this.listOfTouched(entered);
      this.forgetEmpty();
      this.sink.giveRows(rows, none);
      return;
    }
    const newRows = this.wanted.newRows ? this.rowsOfTouched() : noRows;
    this.forgetEmpty();
    this.sink.give(newRows, oldRows, false);
  }

  /** False where the event gets into no group. */
  private enter(event: Subject, oldRows: RowBuffer): boolean {
    const { table, host } = this;
    let slot = noSlot;
    try {
      slot = table.obtain(event, host);
      if (table.made) this.retain(slot);
    } catch (error) {
      slot = noSlot;
      host.failed(error);
    }
    this.waiting.push(slot);
    if (slot === noSlot) return false;
    this.count(slot, 1, oldRows);
    return true;
  }

  /** Counts a new group; beyond the limit it is not kept. */
  private retain(slot: number): void {
    try {
      this.host.retain(1);
    } catch (error) {
      this.table.release(slot);
      throw error;
    }
  }

  /** The first touch of a change also takes the old row. */
  private count(slot: number, by: number, oldRows: RowBuffer): void {
    const { table, host } = this;
    const { numbers } = table;
    const at = table.at(slot);
    if (numbers[at + 1] !== this.latestChange) {
      numbers[at + 1] = this.latestChange;
      this.touched[this.touchedCount++] = slot;
      if (this.wanted.oldRows) {
        host.isNew = false;
        this.writer.write(oldRows, noEvent, table.group(slot, numbers[at]), host);
        host.isNew = true;
      }
    }
    numbers[at] += by;
  }

  /** Most changes touch one group or two. `entered`: the first is that of the event at hand. */
  private listOfTouched(entered: boolean): readonly Row[] {
    const { touched, touchedCount, writer, table, host } = this;
    if (touchedCount === 0) return none;
    const count = this.countOf(touched[0]);
    const group = entered ? table.groupAtHand(count) : table.group(touched[0], count);
    if (touchedCount === 1) return writer.rowsOf(noEvent, group, host);
    const other = table.otherGroup(touched[1], this.countOf(touched[1]));
    return writer.rowsOfPair(noEvent, group, other, host);
  }

  private rowsOfTouched(): RowBuffer {
    const { touched, touchedCount, writer, table, host } = this;
    const rows = writer.buffer();
    for (let i = 0; i < touchedCount; i++)
      writer.write(rows, noEvent, table.group(touched[i], this.countOf(touched[i])), host);
    return rows;
  }

  /** The row of a group that lost its last event has come; now it is forgotten. */
  private forgetEmpty(): void {
    for (let i = 0; i < this.touchedCount; i++) {
      const slot = this.touched[i];
      if (this.countOf(slot) !== 0) continue;
      this.table.release(slot);
      this.host.retain(-1);
    }
    // A change of very many is rare.
    if (this.touchedCount > mostKept) this.touched.length = 0;
  }

  private countOf(slot: number): number {
    return this.table.numbers[this.table.at(slot)];
  }

  /** Changes do not come this way. */
  process(): void {}

  /** In the order of the first events that are in the window. */
  current(): RowBuffer {
    const rows = this.writer.buffer();
    for (const slot of new Set(this.waiting))
      if (slot !== noSlot)
        this.writer.write(rows, noEvent, this.table.group(slot, this.countOf(slot)), this.host);
    return rows;
  }

  renumber(numbers: Int32Array): void {
    this.waiting.renumber(numbers);
  }

  saveOrLoad(state: StateStream): void {
    const { table } = this;
    table.saveOrLoad(state, (slot) => {
      table.numbers[table.at(slot)] = state.number(this.countOf(slot));
    });
    this.waiting.saveOrLoad(state, (slot) => table.has(slot));
  }
}

const mostKept = 1024;
const none: readonly Row[] = [];
/** Rows of a group read its keys and its count only. */
const noEvent: Subject = Object.freeze({});
