import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroup, type Group } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from './row-buffer.ts';

/** Aggregates beside plain columns, no groups: a row for each event, with the totals after the change. */
export class PerEventTotalsBuilder implements ResultBuilder {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly total: Group;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.total = createGroup(program, []);
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted, total } = this;
    for (const event of entering) total.enter(event, host);
    for (const event of leaving) total.leave(event, host);
    const newRows = wanted.newRows ? writer.bufferOfAll(entering, total, host) : noRows;
    let oldRows = noRows;
    if (wanted.oldRows && leaving.length > 0) {
      host.isNew = false;
      oldRows = writer.bufferOfAll(leaving, total, host);
      host.isNew = true;
    }
    this.sink.give(newRows, oldRows, forced);
  }

  current(contents: Iterable<Subject> = []): RowBuffer {
    const rows = this.writer.buffer();
    for (const event of contents) this.writer.write(rows, event, this.total, this.host);
    return rows;
  }

  saveOrLoad(state: StateStream): void {
    this.total.saveOrLoad(state);
  }
}
