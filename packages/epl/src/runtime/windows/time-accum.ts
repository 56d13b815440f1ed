import type { Subject } from '../../compile/evaluator.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { EventQueue } from './event-queue.ts';

/** `time_accum`: keeps everything until no event has come for the period; then all leave together. */
export class TimeAccumWindow implements DataWindow, TimerOwner {
  private readonly period: Period;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private events = new EventQueue(true);
  private lastMs = 0;
  private timer: Timer | undefined;

  constructor(period: Period, sink: DeltaSink, host: WindowHost) {
    this.period = period;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    this.host.retain(1);
    this.events.push(event, 0);
    this.lastMs = this.host.nowMs;
    if (this.timer === undefined) this.timer = this.host.schedule(addPeriod(this.lastMs, this.period), this);
    this.sink([event], nothing);
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.host.retain(-1);
  }

  /** The timer is not moved with every event: it looks when it comes whether there was one in between. */
  onTimer(): void {
    const dueMs = addPeriod(this.lastMs, this.period);
    this.timer = undefined;
    if (this.events.length === 0) return;
    if (dueMs > this.host.nowMs) {
      this.timer = this.host.schedule(dueMs, this);
      return;
    }
    const leaving = [...this.events];
    this.events = new EventQueue(true);
    this.host.retain(-leaving.length);
    this.sink(nothing, leaving);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
    this.lastMs = state.number(this.lastMs);
    this.timer = state.timer(this.timer, this, this.host);
  }
}
