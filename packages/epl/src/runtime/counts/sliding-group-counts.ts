import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { SlotOwner } from '../key-slots.ts';
import type { BuilderHost, RowSink, WantedRows } from '../results/result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
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
  private readonly sink: RowSink;
  private readonly table: CountTable;
  private readonly waiting = new SlotQueue();
  private latestChange = 0;
  /** The groups that the change touches, so many of them: used again and again. */
  private readonly touched: number[] = [];
  private touchedCount = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.table = new CountTable(program, this);
  }

  change(event: Subject | undefined, leaving: number): void {
    this.latestChange++;
    this.touchedCount = 0;
    const oldRows = this.wanted.oldRows ? this.writer.buffer() : noRows;
    if (event !== undefined) this.enter(event, oldRows);
    for (let left = leaving; left > 0; left--) {
      const slot = this.waiting.shift();
      if (slot !== noSlot) this.count(slot, -1, oldRows);
    }
    const newRows = this.wanted.newRows ? this.rowsOfTouched() : noRows;
    this.forgetEmpty();
    this.sink.give(newRows, oldRows, false);
  }

  private enter(event: Subject, oldRows: RowBuffer): void {
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
    if (slot !== noSlot) this.count(slot, 1, oldRows);
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

  private rowsOfTouched(): RowBuffer {
    const { touched, touchedCount, writer, table, host } = this;
    if (touchedCount === 0) return noRows;
    const first = touched[0];
    const group = table.group(first, this.countOf(first));
    if (touchedCount === 1) return writer.bufferOf(noEvent, group, host);
    const second = touched[1];
    if (touchedCount === 2)
      return writer.bufferOfPair(noEvent, group, table.otherGroup(second, this.countOf(second)), host);
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

  current(): RowBuffer {
    const rows = this.writer.buffer();
    for (const slot of this.table.live())
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
/** Rows of a group read its keys and its count only. */
const noEvent: Subject = Object.freeze({});
