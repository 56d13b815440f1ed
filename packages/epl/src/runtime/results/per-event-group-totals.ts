import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Group } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { GroupMemory } from './group-memory.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from './row-buffer.ts';

/** Groups, but some column is not grouped: a row for each event, with the totals of its group after the change. */
export class PerEventGroupTotalsBuilder implements ResultBuilder {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly groups: GroupMemory;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.groups = new GroupMemory(program, host);
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted, groups } = this;
    const newRows = writer.buffer();
    const oldRows = wanted.oldRows ? writer.buffer() : noRows;
    const entered: Change[] = [];
    for (const event of entering) {
      try {
        const group = groups.entering(event);
        group.enter(event, host);
        entered.push({ event, group });
      } catch (error) {
        host.failed(error);
      }
    }
    const left: Change[] = [];
    for (const event of leaving) {
      try {
        const group = groups.leaving(event);
        if (group === undefined) continue;
        group.leave(event, host);
        left.push({ event, group });
      } catch (error) {
        host.failed(error);
      }
    }
    if (wanted.newRows) for (const { event, group } of entered) writer.write(newRows, event, group, host);
    if (wanted.oldRows && left.length > 0) {
      host.isNew = false;
      for (const { event, group } of left) writer.write(oldRows, event, group, host);
      host.isNew = true;
    }
    for (const { group } of left) {
      if (group.size > 0 || group.touched === forgotten) continue;
      group.touched = forgotten;
      groups.forget(group);
    }
    this.sink.give(newRows, oldRows, forced);
  }

  current(contents: Iterable<Subject> = []): RowBuffer {
    const rows = this.writer.buffer();
    const { table } = this.groups;
    const blank: Group[] = [];
    for (const event of contents) {
      const group = table.obtain(event, this.host);
      if (table.made) blank.push(group);
      this.writer.write(rows, event, group, this.host);
    }
    for (const group of blank) table.remove(group);
    return rows;
  }

  saveOrLoad(state: StateStream): void {
    this.groups.saveOrLoad(state);
  }
}

interface Change {
  readonly event: Subject;
  readonly group: Group;
}

/** The mark of a group that was removed in this change. */
const forgotten = -2;
