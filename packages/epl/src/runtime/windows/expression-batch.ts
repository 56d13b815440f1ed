import type { Subject } from '../../compile/evaluator.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import type { ExpressionWindowPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { VariableWatcher } from '../variable-store.ts';
import type { BatchContent } from './batch-content.ts';
import type { DataWindow, WindowHost } from './data-window.ts';
import { type Arrival, saveOrLoadArrival, WindowState } from './window-state.ts';

/**
 * `expr_batch`: released when the condition is true of the arriving event. A variable of the condition that was set
 * counts from the next move of the clock on.
 */
export class ExpressionBatchWindow implements DataWindow, TimerOwner, VariableWatcher {
  private readonly includeTrigger: boolean;
  private readonly content: BatchContent;
  private readonly host: WindowHost;
  private readonly state: WindowState;
  private readonly variables: readonly string[];
  private timer: Timer | undefined;
  private oldest: Arrival | undefined;
  private newest: Arrival | undefined;

  constructor(program: WindowProgram, content: BatchContent, host: WindowHost) {
    const { includeTrigger, variables } = program.plan as ExpressionWindowPlan;
    this.includeTrigger = includeTrigger;
    this.variables = variables;
    this.content = content;
    this.host = host;
    this.state = new WindowState(program, host);
    for (const name of variables) host.variableStore.watch(name, this);
  }

  insert(event: Subject): void {
    const { content, host, state } = this;
    const arrival = { event, timeMs: host.nowMs };
    this.newest = arrival;
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
    if (complete) this.release();
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

  onVariable(): void {
    this.timer ??= this.host.schedule(this.host.nowMs, this);
  }

  onTimer(): void {
    this.timer = undefined;
    const { content, state, oldest, newest } = this;
    if (oldest === undefined || newest === undefined) return;
    if (state.holds(newest.event, oldest, newest, content.collected, 0)) this.release();
  }

  stop(): void {
    for (const name of this.variables) this.host.variableStore.unwatch(name, this);
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private release(): void {
    this.oldest = undefined;
    this.state.clear();
    this.content.release(false);
  }

  saveOrLoad(state: StateStream): void {
    this.content.saveOrLoad(state);
    this.state.saveOrLoad(state);
    this.oldest = saveOrLoadArrival(state, this.oldest);
    this.newest = saveOrLoadArrival(state, this.newest);
    this.timer = state.timer(this.timer, this, this.host);
  }
}
