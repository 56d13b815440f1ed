import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { type Long, toDouble } from '../../long.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

interface Entry {
  readonly dueMs: number;
  readonly event: Subject;
}

/**
 * `time_order` and `timetolive`: events in the order of a time of their own; each leaves when the clock reaches that
 * time, for `time_order` that time and the period. One that comes too late for that is told as new and as old in one
 * change. An event without a time never leaves.
 */
export class DeadlineWindow implements DataWindow, TimerOwner {
  private readonly timestamp: Evaluator;
  private readonly period: Period;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly entries: Entry[] = [];
  private timer: Timer | undefined;

  constructor(timestamp: Evaluator, period: Period, sink: DeltaSink, host: WindowHost) {
    this.timestamp = timestamp;
    this.period = period;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { entries, host } = this;
    const dueMs = this.dueOf(event);
    if (dueMs <= host.nowMs) {
      this.sink([event], [event]);
      return;
    }
    host.retain(1);
    entries.splice(this.place(dueMs), 0, { dueMs, event });
    this.setTimer();
    this.sink([event], nothing);
  }

  remove(event: Subject): void {
    const { entries } = this;
    // From behind its equals to the front.
    for (let at = this.place(this.dueOf(event)) - 1; at >= 0; at--) {
      if (entries[at].event !== event) continue;
      entries.splice(at, 1);
      this.host.retain(-1);
      return;
    }
  }

  onTimer(): void {
    this.timer = undefined;
    const leaving = this.entries.splice(0, this.place(this.host.nowMs)).map(({ event }) => event);
    this.setTimer();
    if (leaving.length === 0) return;
    this.host.retain(-leaving.length);
    this.sink(nothing, leaving);
  }

  *contents(): Iterable<Subject> {
    for (const { event } of this.entries) yield event;
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private dueOf(event: Subject): number {
    const time = this.timestamp(event, null, this.host) as Long | null;
    return time === null ? Number.POSITIVE_INFINITY : addPeriod(toDouble(time), this.period);
  }

  /** Behind all that are due then or before. */
  private place(dueMs: number): number {
    const { entries } = this;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle].dueMs <= dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** For the first entry. */
  private setTimer(): void {
    const dueMs = this.entries[0]?.dueMs ?? Number.POSITIVE_INFINITY;
    if (this.timer !== undefined) {
      if (this.timer.dueMs <= dueMs) return;
      this.timer.cancelled = true;
    }
    this.timer = dueMs === Number.POSITIVE_INFINITY ? undefined : this.host.schedule(dueMs, this);
  }

  saveOrLoad(state: StateStream): void {
    const { entries } = this;
    const events = state.events(
      entries.map(({ event }) => event),
      entries.length,
    );
    const due = state.numbers(entries.map(({ dueMs }) => dueMs));
    this.timer = state.timer(this.timer, this, this.host);
    if (!state.loading) return;
    entries.length = 0;
    for (const [i, event] of events.entries()) entries.push({ dueMs: due[i], event });
  }
}
