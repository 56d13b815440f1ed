import type { Subject } from '../../compile/evaluator.ts';
import { addPeriod } from '../../plan/period.ts';
import type { TimeLengthBatchPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';

/**
 * `time_length_batch`: released when it is full, or when the period is over since the last release or, after a
 * silence, since the first event. After a release that was not empty the timer runs once more, then it rests until the
 * next event. `start_eager` starts it with the deployment; that and `force_update` let it run for ever.
 */
export class TimeLengthBatchWindow implements DataWindow, TimerOwner {
  private readonly plan: TimeLengthBatchPlan;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private timer: Timer | undefined;

  constructor(plan: TimeLengthBatchPlan, content: BatchContent, host: WindowHost) {
    this.plan = plan;
    this.content = content;
    this.host = host;
    if (plan.startEager) this.schedule();
  }

  insert(event: Subject): void {
    this.content.add(event);
    this.added();
  }

  /** All of them are released where they fill it. */
  insertTogether(events: readonly Subject[]): void {
    for (const event of events) this.content.add(event);
    if (events.length > 0) this.added();
  }

  remove(event: Subject): void {
    this.content.remove(event);
  }

  onTimer(): void {
    this.timer = undefined;
    const { content, plan } = this;
    const again = content.collected > 0 || plan.forceUpdate;
    if (again || content.released > 0) content.release(plan.forceUpdate);
    if (again) this.schedule();
  }

  contents(): Iterable<Subject> {
    return this.content.contents();
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
    this.timer = undefined;
  }

  private added(): void {
    const { content, plan } = this;
    if (content.collected >= plan.size) {
      this.stop();
      content.release(false);
      this.schedule();
    } else if (this.timer === undefined) this.schedule();
  }

  private schedule(): void {
    this.timer = this.host.schedule(addPeriod(this.host.nowMs, this.plan.period), this);
  }

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.timer = state.timer(this.timer, this, this.host);
  }
}
