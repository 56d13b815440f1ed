import type { Subject } from '../../compile/evaluator.ts';
import { Ring } from '../ring.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** `length`: the last events, so many. `lastevent` is the one of size 1. */
export class LengthWindow implements DataWindow {
  private readonly size: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new Ring<Subject>();

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

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {}
}
