import type { Subject } from '../../compile/evaluator.ts';
import { TimeGrid } from '../../plan/period.ts';
import type { TimeBatchPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { saveOrLoadGrid } from '../snapshot/time-grid-state.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';

/**
 * `time_batch`: released at anchor + k × period, for ever. The anchor is the arrival of the first event, or the
 * reference point, or with `start_eager` the deployment. A jump over several points of the grid releases once. After a
 * release that was not empty the timer runs once more, then it rests until the next event, on the same grid.
 */
export class TimeBatchWindow implements DataWindow, TimerOwner {
  private readonly plan: TimeBatchPlan;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private grid: TimeGrid | undefined;
  private timer: Timer | undefined;

  constructor(plan: TimeBatchPlan, content: BatchContent, host: WindowHost) {
    this.plan = plan;
    this.content = content;
    this.host = host;
    const anchorMs = plan.startEager ? host.nowMs : plan.referenceMs;
    if (anchorMs !== undefined) this.grid = new TimeGrid(anchorMs, plan.period);
    if (plan.startEager) this.schedule();
  }

  insert(event: Subject): void {
    this.content.add(event);
    if (this.timer === undefined) this.schedule();
  }

  remove(event: Subject): void {
    this.content.remove(event);
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
    this.grid ??= new TimeGrid(nowMs, this.plan.period);
    this.timer = this.host.schedule(this.grid.after(nowMs), this);
  }

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.grid = saveOrLoadGrid(state, this.grid, this.plan.period);
    this.timer = state.timer(this.timer, this, this.host);
  }
}
