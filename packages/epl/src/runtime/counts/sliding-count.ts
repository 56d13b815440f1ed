import type { CountProgram } from '../../compile/count-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { Group } from '../../compile/group-class.ts';
import type { Program } from '../../compile/program.ts';
import type { BuilderHost, PlainRowSink, WantedRows } from '../results/result-builder.ts';
import { noRows, type RowBuffer, type RowWriter } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { SlidingContent } from './sliding-content.ts';

/** A sliding window whose events are only counted, without groups. Gives what `OneRowBuilder` gives. */
export class SlidingCount implements SlidingContent {
  private readonly host: BuilderHost;
  private readonly writer: RowWriter;
  private readonly wanted: WantedRows;
  private readonly sink: PlainRowSink;
  private readonly program: CountProgram;
  private count = 0;

  constructor(program: Program, host: BuilderHost, wanted: WantedRows, sink: PlainRowSink) {
    this.host = host;
    this.writer = program.writer;
    this.wanted = wanted;
    this.sink = sink;
    this.program = program.counts!;
  }

  change(event: Subject | undefined, leaving: number): void {
    const { host, writer, wanted } = this;
    const next = this.count + (event === undefined ? 0 : 1) - leaving;
    if (writer.isPlain && wanted.newRows && !wanted.oldRows) {
      this.count = next;
      this.sink.giveRows(writer.rowsOf(noEvent, this.total(), host), none);
      return;
    }
    let oldRows = noRows;
    if (wanted.oldRows) {
      host.isNew = false;
      oldRows = writer.bufferOf(noEvent, this.total(), host);
      host.isNew = true;
    }
    this.count = next;
    const newRows = wanted.newRows ? writer.bufferOf(noEvent, this.total(), host) : noRows;
    this.sink.give(newRows, oldRows, false);
  }

  private total(): Group {
    return this.program.group(noKeys, 0, this.count);
  }

  /** Changes do not come this way. */
  process(): void {}

  current(): RowBuffer {
    const rows = this.writer.buffer();
    this.writer.write(rows, noEvent, this.total(), this.host);
    return rows;
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
  }
}

const none: readonly Row[] = [];
const noKeys: readonly unknown[] = [];
const noEvent: Subject = Object.freeze({});
