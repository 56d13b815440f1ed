import type { Subject } from '../../compile/evaluator.ts';
import type { WindowPlan } from '../../plan/plan.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';

/**
 * `time_batch`: released at anchor + k × duration, for ever. The anchor is the arrival of the first event, or the
 * reference point, or with `start_eager` the deployment. A jump over several points of the grid releases once. After a
 * release that was not empty the timer runs once more, then it rests until the next event, on the same grid.
 */
export class TimeBatchWindow implements DataWindow, TimerOwner {
  private readonly plan: Extract<WindowPlan, { kind: 'time_batch' }>;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private anchorMs: number | undefined;
  private timer: Timer | undefined;

  constructor(plan: Extract<WindowPlan, { kind: 'time_batch' }>, content: BatchContent, host: WindowHost) {
    this.plan = plan;
    this.content = content;
    this.host = host;
    this.anchorMs = plan.startEager ? host.nowMs : plan.referenceMs;
    if (plan.startEager) this.schedule();
  }

  insert(event: Subject): void {
    if (this.anchorMs === undefined) this.anchorMs = this.host.nowMs;
    this.content.add(event);
    if (this.timer === undefined) this.schedule();
  }

  onTimer(): void {
    this.timer = undefined;
    const { content, plan } = this;
    const some = content.collected > 0;
    const again = some || plan.forceUpdate;
    if (again || content.released > 0) content.release(plan.forceUpdate);
    if (again) this.schedule();
  }

  contents(): Iterable<Subject> {
    return this.content.contents();
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  /** The first point of the grid behind now. */
  private schedule(): void {
    const { nowMs } = this.host;
    const { durationMs } = this.plan;
    const anchorMs = this.anchorMs!;
    const dueMs = anchorMs + (Math.floor((nowMs - anchorMs) / durationMs) + 1) * durationMs;
    this.timer = this.host.schedule(dueMs, this);
  }
}
