import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { Group } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { GroupMemory } from './group-memory.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from './row-buffer.ts';

/**
 * All plain columns are grouped: a row for each group that the change touched, also where it only lost events. The
 * row of a group that lost its last event comes once, with count 0; then the group is forgotten.
 */
export class PerGroupBuilder implements ResultBuilder {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly groups: GroupMemory;
  private change = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.groups = new GroupMemory(program, host);
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted, groups } = this;
    if (entering.length <= 1 && leaving.length <= 1 && !wanted.oldRows) {
      this.processSmall(entering, leaving, forced);
      return;
    }
    const newRows = writer.buffer();
    const oldRows = wanted.oldRows ? writer.buffer() : noRows;
    const touched: Group[] = [];
    this.change++;
    for (const event of entering) {
      try {
        if (wanted.oldRows) {
          const group = groups.entering(event);
          if (group.touched !== this.change) this.touch(group, touched, oldRows);
          group.enter(event, host);
          continue;
        }
        const first = groups.enter(event, this.change);
        if (first !== undefined) touched.push(first);
      } catch (error) {
        host.failed(error);
      }
    }
    for (const event of leaving) {
      try {
        if (wanted.oldRows) {
          const group = groups.leaving(event);
          if (group === undefined) continue;
          if (group.touched !== this.change) this.touch(group, touched, oldRows);
          group.leave(event, host);
          continue;
        }
        const first = groups.leave(event, this.change);
        if (first !== undefined) touched.push(first);
      } catch (error) {
        host.failed(error);
      }
    }
    for (const group of touched) {
      if (wanted.newRows) writer.write(newRows, noEvent, group, host);
      if (group.size === 0) groups.forget(group);
    }
    this.sink.give(newRows, oldRows, forced);
  }

  /** One event enters, one leaves, or both: most changes are of this kind, and touch one group or two. */
  private processSmall(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, groups, wanted, writer } = this;
    const change = ++this.change;
    let first: Group | undefined;
    let second: Group | undefined;
    try {
      if (entering.length > 0) first = groups.enter(entering[0], change);
    } catch (error) {
      host.failed(error);
    }
    try {
      if (leaving.length > 0) second = groups.leave(leaving[0], change);
    } catch (error) {
      host.failed(error);
    }
    let newRows = noRows;
    if (wanted.newRows) {
      if (first !== undefined && second !== undefined)
        newRows = writer.bufferOfPair(noEvent, first, second, host);
      else if (first !== undefined) newRows = writer.bufferOf(noEvent, first, host);
      else if (second !== undefined) newRows = writer.bufferOf(noEvent, second, host);
    }
    if (first !== undefined && first.size === 0) groups.forget(first);
    if (second !== undefined && second.size === 0) groups.forget(second);
    this.sink.give(newRows, noRows, forced);
  }

  current(contents: Iterable<Subject> | undefined): RowBuffer {
    const rows = this.writer.buffer();
    for (const group of this.groups.of(contents)) this.writer.write(rows, noEvent, group, this.host);
    return rows;
  }

  /** The first touch in this change: the group's old row is taken. */
  private touch(group: Group, touched: Group[], oldRows: RowBuffer): void {
    group.touched = this.change;
    touched.push(group);
    if (!this.wanted.oldRows) return;
    this.host.isNew = false;
    this.writer.write(oldRows, noEvent, group, this.host);
    this.host.isNew = true;
  }

  saveOrLoad(state: StateStream): void {
    this.groups.saveOrLoad(state);
  }
}

/** Rows of a group read its keys and aggregates only. */
const noEvent: Subject = Object.freeze({});
