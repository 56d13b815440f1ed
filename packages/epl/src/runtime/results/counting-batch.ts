import type { Condition, Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroup, createGroupTable, type Group, type GroupTable } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BatchContent } from '../windows/batch-content.ts';
import { nothing } from '../windows/data-window.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import type { RowBuffer, RowWriter } from './row-buffer.ts';

/**
 * A batch window whose events nobody looks at again: each is tested and counted when it arrives, and forgotten. Two
 * tables of groups stand for this batch and for the one before, which gives the old rows and the rows of groups that
 * have vanished. Serves both the row a group and the one row without groups.
 */
export class CountingBatch implements BatchContent, ResultBuilder {
  private readonly program: Program;
  private readonly host: BuilderHost;
  private readonly where: Condition | undefined;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly grouped: boolean;
  private counted: BatchGroups;
  private previous: BatchGroups;
  collected = 0;
  released = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.program = program;
    this.host = host;
    this.where = program.where;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.grouped = program.keys.length > 0;
    this.counted = this.empty();
    this.previous = this.empty();
  }

  add(event: Subject): void {
    this.collected++;
    const { where, host, counted } = this;
    if (where !== undefined && where(event, null, host) !== true) return;
    const { table } = counted;
    counted.events++;
    if (table === undefined) {
      counted.total.enter(event, host);
      return;
    }
    table.enter(event, host, 0);
    if (table.made) this.retain(table, table.last!);
  }

  release(forced: boolean): void {
    const { counted, previous, writer } = this;
    this.previous = counted;
    this.counted = this.empty();
    this.released = this.collected;
    this.collected = 0;
    const newRows = writer.buffer();
    const oldRows = writer.buffer();
    const idle = counted.events === 0 && previous.events === 0;
    if (counted.table === undefined) {
      if (!idle || forced) this.writeChange(newRows, oldRows, counted.total, previous.total);
    } else {
      for (const group of counted.table.values()) {
        const before = this.wanted.oldRows ? (previous.table!.find(group) ?? this.emptyGroup(group)) : group;
        this.writeChange(newRows, oldRows, group, before);
      }
      for (const group of previous.table!.values()) {
        if (counted.table.find(group) === undefined) {
          this.writeChange(newRows, oldRows, this.emptyGroup(group), group);
        }
      }
      this.host.retain(-previous.table!.size);
    }
    this.sink.give(newRows, oldRows, forced && idle);
  }

  /** Nothing takes single events out of a batch that keeps none. */
  remove(): void {}

  /** Events do not come this way: they were counted on arrival. */
  process(): void {}

  contents(): Iterable<Subject> {
    return nothing;
  }

  /** What was released last; of groups those that the batch being collected has. */
  current(): RowBuffer {
    const rows = this.writer.buffer();
    const { table, total } = this.previous;
    if (table === undefined) this.writer.write(rows, noEvent, total, this.host);
    else {
      for (const group of this.counted.table!.values())
        this.writer.write(rows, noEvent, table.find(group) ?? this.emptyGroup(group), this.host);
    }
    return rows;
  }

  /** Beyond the limit the group is not kept. */
  private retain(table: GroupTable, group: Group): void {
    try {
      this.host.retain(1);
    } catch (error) {
      table.remove(group);
      throw error;
    }
  }

  private writeChange(newRows: RowBuffer, oldRows: RowBuffer, now: Group, before: Group): void {
    const { host, wanted, writer } = this;
    if (wanted.newRows) writer.write(newRows, noEvent, now, host);
    if (!wanted.oldRows) return;
    host.isNew = false;
    writer.write(oldRows, noEvent, before, host);
    host.isNew = true;
  }

  private empty(): BatchGroups {
    return {
      table: this.grouped ? createGroupTable(this.program) : undefined,
      total: createGroup(this.program, []),
      events: 0,
    };
  }

  private emptyGroup(like: Group): Group {
    return createGroup(
      this.program,
      this.program.keys.map((_, i) => like.key(i)),
    );
  }

  saveOrLoad(state: StateStream): void {
    this.collected = state.number(this.collected);
    this.released = state.number(this.released);
    if (state.loading) {
      this.counted = this.empty();
      this.previous = this.empty();
    }
    for (const batch of [this.counted, this.previous]) {
      batch.table?.saveOrLoad(state);
      batch.total.saveOrLoad(state);
      batch.events = state.number(batch.events);
    }
  }
}

interface BatchGroups {
  readonly table: GroupTable | undefined;
  readonly total: Group;
  /** Events that passed where. */
  events: number;
}

const noEvent: Subject = Object.freeze({});
