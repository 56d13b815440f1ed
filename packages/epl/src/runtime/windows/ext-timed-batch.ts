import type { Evaluator, Subject } from '../../compile/evaluator.ts';
import { type Long, toDouble } from '../../long.ts';
import { TimeGrid } from '../../plan/period.ts';
import type { WindowPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import { saveOrLoadGrid } from '../snapshot/time-grid-state.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';

/**
 * `ext_timed_batch`: as `time_batch`, by the events' own time. It has no timer: an event at or past the end of the
 * batch releases what was collected before it. An event without a time counts to the batch that is open.
 */
export class ExtTimedBatchWindow implements DataWindow {
  private readonly plan: Extract<WindowPlan, { kind: 'ext_timed_batch' }>;
  private readonly timestamp: Evaluator;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private grid: TimeGrid | undefined;
  private endMs: number | undefined;

  constructor(
    plan: Extract<WindowPlan, { kind: 'ext_timed_batch' }>,
    timestamp: Evaluator,
    content: BatchContent,
    host: WindowHost,
  ) {
    this.plan = plan;
    this.timestamp = timestamp;
    this.content = content;
    this.host = host;
  }

  insert(event: Subject): void {
    const time = this.timestamp(event, null, this.host) as Long | null;
    if (time !== null) {
      const timeMs = toDouble(time);
      if (this.endMs !== undefined && timeMs >= this.endMs) {
        this.content.release(false);
        this.endMs = undefined;
      }
      if (this.endMs === undefined) {
        this.grid ??= new TimeGrid(this.plan.referenceMs ?? timeMs, this.plan.period);
        this.endMs = this.grid.after(timeMs);
      }
    }
    this.content.add(event);
  }

  remove(event: Subject): void {
    this.content.remove(event);
  }

  contents(): Iterable<Subject> {
    return this.content.contents();
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.grid = saveOrLoadGrid(state, this.grid, this.plan.period);
    this.endMs = state.value(this.endMs);
  }
}
