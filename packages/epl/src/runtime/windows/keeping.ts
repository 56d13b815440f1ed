import type { Subject } from '../../compile/evaluator.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { EventQueue } from './event-queue.ts';

/**
 * Windows that take events while they have room and let none go: `keepall`, `firstlength`, `firstevent` by number,
 * `firsttime` by the time since deployment. What comes later is not seen at all.
 */
export class KeepingWindow implements DataWindow {
  private readonly size: number;
  private untilMs: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new EventQueue(false);

  constructor(room: { readonly size: number; readonly untilMs: number }, sink: DeltaSink, host: WindowHost) {
    this.size = room.size;
    this.untilMs = room.untilMs;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    if (this.events.length >= this.size || this.host.nowMs >= this.untilMs) return;
    this.host.retain(1);
    this.events.push(event);
    this.sink([event], nothing);
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
    this.untilMs = state.number(this.untilMs);
    this.events.saveOrLoad(state);
  }
}
