import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { createGroup, type Group } from '../group.ts';
import type { BuilderHost, RowSink, WantedRows } from '../results/result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { SlidingContent } from './sliding-content.ts';

/** A sliding window whose events are only counted, without groups. Gives what `OneRowBuilder` gives. */
export class SlidingCount implements SlidingContent {
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

  change(event: Subject | undefined, leaving: number): void {
    const { host, writer, wanted, total } = this;
    let oldRows = noRows;
    if (wanted.oldRows) {
      host.isNew = false;
      oldRows = writer.bufferOf(noEvent, total, host);
      host.isNew = true;
    }
    total.size += (event === undefined ? 0 : 1) - leaving;
    const newRows = wanted.newRows ? writer.bufferOf(noEvent, total, host) : noRows;
    this.sink.give(newRows, oldRows, false);
  }

  /** Changes do not come this way. */
  process(): void {}

  current(): RowBuffer {
    const rows = this.writer.buffer();
    this.writer.write(rows, noEvent, this.total, this.host);
    return rows;
  }

  saveOrLoad(state: StateStream): void {
    this.total.saveOrLoad(state);
  }
}

const noEvent: Subject = Object.freeze({});
