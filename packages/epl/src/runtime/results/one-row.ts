import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroup, type Group } from '../group.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from './row-buffer.ts';

/** Only aggregates, no groups: one row a change; the old row is the value before it. */
export class OneRowBuilder implements ResultBuilder {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;
  private readonly total: Group;
  /** What having may read beside aggregates: the latest event. */
  private latest: Subject = {};

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.total = createGroup(program, []);
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted, total } = this;
    if (entering.length === 0 && leaving.length === 0 && !forced) return;
    let oldRows = noRows;
    this.latest = entering.at(-1) ?? leaving.at(-1) ?? this.latest;
    if (wanted.oldRows) {
      host.isNew = false;
      oldRows = writer.bufferOf(this.latest, total, host);
      host.isNew = true;
    }
    for (const event of entering) total.enter(event, host);
    for (const event of leaving) total.leave(event, host);
    const newRows = wanted.newRows ? writer.bufferOf(this.latest, total, host) : noRows;
    this.sink.give(newRows, oldRows, forced && entering.length === 0 && leaving.length === 0);
  }

  current(): RowBuffer {
    const rows = this.writer.buffer();
    this.writer.write(rows, this.latest, this.total, this.host);
    return rows;
  }

  saveOrLoad(state: StateStream): void {
    this.total.saveOrLoad(state);
    this.latest = state.event(this.latest);
  }
}
