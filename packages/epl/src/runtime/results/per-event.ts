import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import type { BuilderHost, ResultBuilder, RowSink, WantedRows } from './result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from './row-buffer.ts';

/** No aggregates: a row for each event that enters, an old row for each that leaves. */
export class PerEventBuilder implements ResultBuilder {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: RowSink;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: RowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
  }

  process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { host, writer, wanted } = this;
    const newRows = wanted.newRows ? writer.bufferOfAll(entering, null, host) : noRows;
    let oldRows = noRows;
    if (wanted.oldRows && leaving.length > 0) {
      host.isNew = false;
      oldRows = writer.bufferOfAll(leaving, null, host);
      host.isNew = true;
    }
    this.sink.give(newRows, oldRows, forced);
  }

  current(contents: Iterable<Subject> = []): RowBuffer {
    const rows = this.writer.buffer();
    for (const event of contents) this.writer.write(rows, event, null, this.host);
    return rows;
  }

  /** It keeps nothing. */
  saveOrLoad(): void {}
}
