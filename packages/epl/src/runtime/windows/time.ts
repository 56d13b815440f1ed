import type { Subject } from '../../compile/evaluator.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { EventQueue } from './event-queue.ts';

/**
 * `time`: an event of time t leaves at the first tick at or after t + period; all that leave at one tick leave
 * together. The order is that of arrival, also where the clock went back, so one event may hold up later ones that are
 * due before it. One timer, for the oldest.
 */
export class TimeWindow implements DataWindow, TimerOwner {
  private readonly period: Period;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new EventQueue(true);
  /** Used again and again. */
  private timer: Timer | undefined = undefined;
  private isSet = false;

  constructor(period: Period, sink: DeltaSink, host: WindowHost) {
    this.period = period;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { host } = this;
    host.retain(1);
    this.events.push(event, host.nowMs);
    if (!this.isSet) this.schedule();
    this.sink([event], nothing);
  }

  remove(event: Subject): void {
    this.events.remove(event);
    this.host.retain(-1);
  }

  onTimer(): void {
    this.isSet = false;
    const { events, host } = this;
    // Most often one leaves.
    const leaving = this.isDue() ? [events.shift()] : [];
    while (this.isDue()) leaving.push(events.shift());
    if (events.length > 0) this.schedule();
    if (leaving.length === 0) return;
    host.retain(-leaving.length);
    this.sink(nothing, leaving);
  }

  contents(): Iterable<Subject> {
    return this.events;
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  /** Whether the oldest event has to leave. */
  private isDue(): boolean {
    const { events, period, host } = this;
    return events.length > 0 && addPeriod(events.firstTimeMs, period) <= host.nowMs;
  }

  private schedule(): void {
    const dueMs = addPeriod(this.events.firstTimeMs, this.period);
    if (this.timer === undefined) this.timer = this.host.schedule(dueMs, this);
    else this.timer.set(dueMs);
    this.isSet = true;
  }

  saveOrLoad(state: StateStream): void {
    this.events.saveOrLoad(state);
    this.timer = state.timer(this.isSet ? this.timer : undefined, this, this.host);
    this.isSet = this.timer !== undefined;
  }
}
