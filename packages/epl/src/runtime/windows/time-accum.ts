import type { Subject } from '../../compile/evaluator.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/** `time_accum`: keeps everything until no event has come for the duration; then all leave together. */
export class TimeAccumWindow implements DataWindow, TimerOwner {
  private readonly durationMs: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private events: Subject[] = [];
  private lastMs = 0;
  private timer: Timer | undefined;

  constructor(durationMs: number, sink: DeltaSink, host: WindowHost) {
    this.durationMs = durationMs;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    this.host.retain(1);
    this.events.push(event);
    this.lastMs = this.host.nowMs;
    if (this.timer === undefined) this.timer = this.host.schedule(this.lastMs + this.durationMs, this);
    this.sink([event], nothing);
  }

  /** The timer is not moved with every event: it looks when it comes whether there was one in between. */
  onTimer(): void {
    const dueMs = this.lastMs + this.durationMs;
    this.timer = undefined;
    if (dueMs > this.host.nowMs) {
      this.timer = this.host.schedule(dueMs, this);
      return;
    }
    const leaving = this.events;
    this.events = [];
    this.host.retain(-leaving.length);
    this.sink(nothing, leaving);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }
}
