import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { EventQueue } from './event-queue.ts';

/** `length`: the last events, so many. `lastevent` is the one of size 1. */
export class LengthWindow implements DataWindow {
  private readonly size: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new EventQueue(false);

  constructor(size: number, sink: DeltaSink, host: WindowHost) {
    this.size = size;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { events } = this;
    const full = events.length === this.size;
    if (!full) this.host.retain(1);
    events.push(event);
    this.sink([event], full ? [events.shift()] : nothing);
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.host.retain(-1);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
  }
}
