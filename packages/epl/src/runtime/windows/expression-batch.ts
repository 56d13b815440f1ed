import type { Subject } from '../../compile/evaluator.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import type { ExpressionWindowPlan } from '../../plan/window-plan.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';
import { type Arrival, WindowState } from './window-state.ts';

/** `expr_batch`: released when the condition is true of the arriving event. */
export class ExpressionBatchWindow implements DataWindow {
  private readonly includeTrigger: boolean;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private readonly state: WindowState;
  private oldest: Arrival | undefined;

  constructor(program: WindowProgram, content: BatchContent, host: WindowHost) {
    this.includeTrigger = (program.plan as ExpressionWindowPlan).includeTrigger;
    this.content = content;
    this.host = host;
    this.state = new WindowState(program, host);
  }

  insert(event: Subject): void {
    const { content, host, state } = this;
    const arrival = { event, timeMs: host.nowMs };
    state.enter(event);
    const complete = state.holds(event, this.oldest ?? arrival, arrival, content.collected + 1, 0);
    if (complete && !this.includeTrigger) {
      if (content.collected > 0) content.release(false);
      state.clear();
      state.enter(event);
      content.add(event);
      this.oldest = arrival;
      return;
    }
    content.add(event);
    this.oldest ??= arrival;
    if (!complete) return;
    this.oldest = undefined;
    state.clear();
    content.release(false);
  }

  remove(event: Subject): void {
    this.content.remove(event);
    this.state.leave(event);
    if (this.oldest?.event !== event) return;
    const [next] = this.content.contents();
    this.oldest = next === undefined ? undefined : { event: next, timeMs: this.oldest.timeMs };
  }

  contents(): Iterable<Subject> {
    return this.content.contents();
  }

  stop(): void {}
}
