import type { Condition, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { SlotOwner } from '../key-slots.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from '../results/result-builder.ts';
import type { RowBuffer, RowWriter } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BatchContent } from '../windows/batch-content.ts';
import { nothing } from '../windows/data-window.ts';
import { CountTable } from './count-table.ts';
import { SlotList } from './slot-list.ts';

/**
 * A batch window of groups that only count: each event is tested and counted when it arrives, and forgotten. A group
 * stays in the table from batch to batch, with the count of this batch, its first number, and with that of the batch
 * before, its second, which gives the old row, and the row of a group that has vanished. One that is in neither goes.
 */
export class GroupCountBatch implements BatchContent, ResultBuilder, SlotOwner {
  private readonly host: BuilderHost;
  private readonly where: Condition | undefined;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly table: CountTable;
  /** The groups of this batch and of the one before, in the order of their first events. */
  private arrived = new SlotList();
  private before = new SlotList();
  collected = 0;
  released = 0;
  /** Events of this batch, and of the one before, that passed where. */
  private passed = 0;
  private passedBefore = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.where = program.where;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.table = new CountTable(program, this);
  }

  add(event: Subject): void {
    this.collected++;
    const { where, host, table } = this;
    if (where !== undefined && where(event, null, host) !== true) return;
    this.passed++;
    const slot = table.obtain(event, host);
    if (table.numbers[table.at(slot)]++ === 0) this.begin(slot);
  }

  /** The first event of a group in this batch. Beyond the limit it is not kept. */
  private begin(slot: number): void {
    const { table } = this;
    try {
      this.host.retain(1);
    } catch (error) {
      table.numbers[table.at(slot)] = 0;
      if (table.made) table.release(slot);
      throw error;
    }
    this.arrived.push(slot);
  }

  release(forced: boolean): void {
    const { arrived, before, passed, passedBefore, writer, table } = this;
    this.released = this.collected;
    this.collected = 0;
    this.passedBefore = passed;
    this.passed = 0;
    const newRows = writer.buffer();
    const oldRows = writer.buffer();
    try {
      for (let i = 0; i < arrived.length; i++) this.write(newRows, oldRows, arrived.at(i));
      for (let i = 0; i < before.length; i++)
        if (table.numbers[table.at(before.at(i))] === 0) this.write(newRows, oldRows, before.at(i));
    } finally {
      this.turn();
    }
    this.sink.give(newRows, oldRows, forced && passed === 0 && passedBefore === 0);
  }

  /** This batch becomes the one before. */
  private turn(): void {
    const { arrived, before, table } = this;
    const { numbers } = table;
    for (let i = 0; i < before.length; i++) {
      const at = table.at(before.at(i));
      numbers[at + 1] = 0;
      if (numbers[at] === 0) table.release(before.at(i));
    }
    for (let i = 0; i < arrived.length; i++) {
      const at = table.at(arrived.at(i));
      numbers[at + 1] = numbers[at];
      numbers[at] = 0;
    }
    this.host.retain(-before.length);
    before.clear();
    this.before = arrived;
    this.arrived = before;
  }

  /** Nothing takes single events out of a batch that keeps none. */
  remove(): void {}

  /** Events do not come this way: they were counted on arrival. */
  process(): void {}

  contents(): Iterable<Subject> {
    return nothing;
  }

  /** What was released last, of the groups that the batch being collected has. */
  current(): RowBuffer {
    const { arrived, table } = this;
    const rows = this.writer.buffer();
    for (let i = 0; i < arrived.length; i++) {
      const slot = arrived.at(i);
      this.writer.write(rows, noEvent, table.group(slot, table.numbers[table.at(slot) + 1]), this.host);
    }
    return rows;
  }

  renumber(numbers: Int32Array): void {
    this.arrived.renumber(numbers);
    this.before.renumber(numbers);
  }

  private write(newRows: RowBuffer, oldRows: RowBuffer, slot: number): void {
    const { host, wanted, writer, table } = this;
    const at = table.at(slot);
    if (wanted.newRows) writer.write(newRows, noEvent, table.group(slot, table.numbers[at]), host);
    if (!wanted.oldRows) return;
    host.isNew = false;
    writer.write(oldRows, noEvent, table.group(slot, table.numbers[at + 1]), host);
    host.isNew = true;
  }

  saveOrLoad(state: StateStream): void {
    const { table } = this;
    this.collected = state.number(this.collected);
    this.released = state.number(this.released);
    this.passed = state.number(this.passed);
    this.passedBefore = state.number(this.passedBefore);
    table.saveOrLoad(state, (slot) => {
      const { numbers } = table;
      const at = table.at(slot);
      numbers[at] = state.number(numbers[at]);
      numbers[at + 1] = state.number(numbers[at + 1]);
    });
    const isKnown = (slot: number) => table.has(slot);
    this.arrived.saveOrLoad(state, isKnown);
    this.before.saveOrLoad(state, isKnown);
  }
}

const noEvent: Subject = Object.freeze({});
