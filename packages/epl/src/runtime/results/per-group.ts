import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { type Group, GroupTable } from '../group.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { type RowBuffer, RowWriter } from './row-buffer.ts';

/**
 * All plain columns are grouped: a row for each group that the change touched, also where it only lost events. The
 * row of a group that lost its last event comes once, with count 0; then the group is forgotten.
 */
export class PerGroupBuilder implements ResultBuilder {
  private readonly program: Program;
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly groups: GroupTable;
  private change = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.program = program;
    this.host = host;
    this.writer = new RowWriter(program, host);
    this.wanted = wanted;
    this.sink = sink;
    this.groups = new GroupTable(program);
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted } = this;
    const { aggregates } = this.program;
    const newRows = writer.buffer();
    const oldRows = writer.buffer();
    const touched: Group[] = [];
    this.change++;
    for (const event of entering) this.touch(event, touched, oldRows).enter(aggregates, event, host);
    for (const event of leaving) this.touch(event, touched, oldRows).leave(aggregates, event, host);
    for (const group of touched) {
      if (wanted.newRows) writer.write(newRows, noEvent, group);
      if (group.size === 0) {
        this.groups.remove(group);
        host.retain(-1);
      }
    }
    this.sink(newRows, oldRows, forced);
  }

  current(): RowBuffer {
    const rows = this.writer.buffer();
    for (const group of this.groups.values()) this.writer.write(rows, noEvent, group);
    return rows;
  }

  /** The event's group; at its first touch in this change its old row is taken. */
  private touch(event: Subject, touched: Group[], oldRows: RowBuffer): Group {
    const { host } = this;
    const before = this.groups.size;
    const group = this.groups.obtain(event, host);
    if (this.groups.size > before) host.retain(1);
    if (group.touched === this.change) return group;
    group.touched = this.change;
    touched.push(group);
    if (this.wanted.oldRows) {
      host.isNew = false;
      this.writer.write(oldRows, noEvent, group);
      host.isNew = true;
    }
    return group;
  }
}

/** Rows of a group read its keys and aggregates only. */
const noEvent: Subject = Object.freeze({});
