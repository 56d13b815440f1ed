import type { Subject } from '../../compile/evaluator.ts';
import { Ring } from '../ring.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';

/**
 * `time`: an event of time t leaves at the first tick at or after t + duration; all that leave at one tick leave
 * together. The order is that of arrival, also where the clock went back, so one event may hold up later ones that are
 * due before it. One timer, for the oldest.
 */
export class TimeWindow implements DataWindow, TimerOwner {
  private readonly durationMs: number;
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly events = new Ring<Subject>();
  /** Arrival times in runs: `[time, how many events]`, the oldest first. */
  private runs: [timeMs: number, count: number][] = [];
  private firstRun = 0;
  private timer: Timer | undefined;

  constructor(durationMs: number, sink: DeltaSink, host: WindowHost) {
    this.durationMs = durationMs;
    this.sink = sink;
    this.host = host;
  }

  insert(event: Subject): void {
    const { host, runs } = this;
    host.retain(1);
    this.events.push(event);
    const last = this.firstRun < runs.length ? runs[runs.length - 1] : undefined;
    if (last !== undefined && last[0] === host.nowMs) last[1]++;
    else runs.push([host.nowMs, 1]);
    if (this.timer === undefined) this.schedule();
    this.sink([event], nothing);
  }

  onTimer(): void {
    this.timer = undefined;
    const { runs, events, host } = this;
    const leaving: Subject[] = [];
    while (this.firstRun < runs.length && runs[this.firstRun][0] + this.durationMs <= host.nowMs) {
      for (let i = runs[this.firstRun][1]; i > 0; i--) leaving.push(events.shift());
      this.firstRun++;
    }
    if (this.firstRun * 2 > runs.length) {
      this.runs = runs.slice(this.firstRun);
      this.firstRun = 0;
    }
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

  private schedule(): void {
    this.timer = this.host.schedule(this.runs[this.firstRun][0] + this.durationMs, this);
  }
}
