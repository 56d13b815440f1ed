import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { type Group, GroupTable } from '../group.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { type RowBuffer, RowWriter } from './row-buffer.ts';

/** Groups, but some column is not grouped: a row for each event, with the totals of its group after the change. */
export class PerEventGroupTotalsBuilder implements ResultBuilder {
  private readonly program: Program;
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly groups: GroupTable;

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
    const entered = entering.map((event) => this.groupOf(event));
    entering.forEach((event, i) => {
      entered[i].enter(aggregates, event, host);
    });
    const left = leaving.map((event) => this.groupOf(event));
    leaving.forEach((event, i) => {
      left[i].leave(aggregates, event, host);
    });
    if (wanted.newRows) {
      entering.forEach((event, i) => {
        writer.write(newRows, event, entered[i]);
      });
    }
    if (wanted.oldRows && leaving.length > 0) {
      host.isNew = false;
      leaving.forEach((event, i) => {
        writer.write(oldRows, event, left[i]);
      });
      host.isNew = true;
    }
    for (const group of left) {
      if (group.size > 0 || group.touched === forgotten) continue;
      group.touched = forgotten;
      this.groups.remove(group);
      host.retain(-1);
    }
    this.sink(newRows, oldRows, forced);
  }

  current(contents: Iterable<Subject>): RowBuffer {
    const rows = this.writer.buffer();
    for (const event of contents) this.writer.write(rows, event, this.groupOf(event));
    return rows;
  }

  private groupOf(event: Subject): Group {
    const before = this.groups.size;
    const group = this.groups.obtain(event, this.host);
    if (this.groups.size > before) this.host.retain(1);
    return group;
  }
}

/** The mark of a group that was removed in this change. */
const forgotten = -2;
