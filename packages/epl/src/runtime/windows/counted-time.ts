import type { Subject } from '../../compile/evaluator.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { SlidingContent } from '../counts/sliding-content.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Expendable } from '../state-budget.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { Arrivals } from './arrivals.ts';
import { type DataWindow, nothing, type WindowHost } from './data-window.ts';

/** `time`, whose events nobody looks at again: it keeps when they came. Events leave as those of {@link TimeWindow} do. */
export class CountedTimeWindow implements DataWindow, TimerOwner, Expendable {
  private readonly period: Period;
  private readonly content: SlidingContent;
  private readonly host: WindowHost;
  private readonly arrivals = new Arrivals();
  /** Used again and again. */
  private timer: Timer | undefined = undefined;
  private isSet = false;

  constructor(period: Period, content: SlidingContent, host: WindowHost) {
    this.period = period;
    this.content = content;
    this.host = host;
  }

  insert(event: Subject): void {
    const { host } = this;
    host.retain(1);
    this.arrivals.push(host.nowMs);
    if (!this.isSet) this.schedule();
    this.content.change(event, 0);
  }

  /** Nothing takes single events out of a window that keeps none. */
  remove(): void {}

  dropOldest(): boolean {
    if (this.arrivals.isEmpty) return false;
    this.arrivals.shift();
    this.leave(1);
    return true;
  }

  onTimer(): void {
    this.isSet = false;
    const { arrivals, host, period } = this;
    const { nowMs } = host;
    let leaving = 0;
    while (!arrivals.isEmpty && addPeriod(arrivals.firstTimeMs, period) <= nowMs)
      leaving += arrivals.shiftTogether();
    if (!arrivals.isEmpty) this.schedule();
    if (leaving > 0) this.leave(leaving);
  }

  contents(): Iterable<Subject> {
    return nothing;
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private leave(count: number): void {
    this.host.retain(-count);
    this.content.change(undefined, count);
  }

  /** For the oldest. */
  private schedule(): void {
    const dueMs = addPeriod(this.arrivals.firstTimeMs, this.period);
    if (this.timer === undefined) this.timer = this.host.schedule(dueMs, this);
    else this.timer.set(dueMs);
    this.isSet = true;
  }

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.arrivals.saveOrLoad(state);
    this.timer = state.timer(this.isSet ? this.timer : undefined, this, this.host);
    this.isSet = this.timer !== undefined;
  }
}
