import type { Subject } from '../../compile/evaluator.ts';
import type { WindowProgram } from '../../compile/window-program.ts';
import type { ExpressionWindowPlan } from '../../plan/window-plan.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { VariableWatcher } from '../variable-store.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './data-window.ts';
import { type Arrival, WindowState } from './window-state.ts';

/**
 * `expr`: when an event arrives, the oldest ones leave as long as the condition is not true of them; that may empty
 * the window. A variable of the condition that was set counts from the next move of the clock on.
 */
export class ExpressionWindow implements DataWindow, TimerOwner, VariableWatcher {
  private readonly sink: DeltaSink;
  private readonly host: WindowHost;
  private readonly state: WindowState;
  private readonly variables: readonly string[];
  private timer: Timer | undefined;
  private arrivals: Arrival[] = [];
  /** Arrivals before this place have left. */
  private head = 0;

  constructor(program: WindowProgram, sink: DeltaSink, host: WindowHost) {
    this.sink = sink;
    this.host = host;
    this.state = new WindowState(program, host);
    this.variables = (program.plan as ExpressionWindowPlan).variables;
    for (const name of this.variables) host.variableStore.watch(name, this);
  }

  insert(event: Subject): void {
    const { host, state } = this;
    host.retain(1);
    this.arrivals.push({ event, timeMs: host.nowMs });
    state.enter(event);
    const leaving = this.expire();
    host.retain(-leaving.length);
    this.sink([event], leaving);
  }

  remove(event: Subject): void {
    const at = this.arrivals.findIndex((arrival, i) => i >= this.head && arrival.event === event);
    this.arrivals.splice(at, 1);
    this.state.leave(event);
    this.host.retain(-1);
  }

  *contents(): Iterable<Subject> {
    for (let i = this.head; i < this.arrivals.length; i++) yield this.arrivals[i].event;
  }

  onVariable(): void {
    this.timer ??= this.host.schedule(this.host.nowMs, this);
  }

  onTimer(): void {
    this.timer = undefined;
    const leaving = this.expire();
    this.host.retain(-leaving.length);
    if (leaving.length > 0) this.sink(nothing, leaving);
  }

  stop(): void {
    for (const name of this.variables) this.host.variableStore.unwatch(name, this);
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private expire(): readonly Subject[] {
    const { arrivals, state } = this;
    const newest = arrivals[arrivals.length - 1];
    const leaving: Subject[] = [];
    while (this.head < arrivals.length) {
      const oldest = arrivals[this.head];
      if (state.holds(oldest.event, oldest, newest, arrivals.length - this.head, leaving.length)) break;
      this.head++;
      state.leave(oldest.event);
      leaving.push(oldest.event);
    }
    if (this.head * 2 > arrivals.length) {
      this.arrivals = arrivals.slice(this.head);
      this.head = 0;
    }
    return leaving.length === 0 ? nothing : leaving;
  }

  saveOrLoad(state: StateStream): void {
    const held = this.arrivals.slice(this.head);
    const events = state.events(this.contents(), held.length);
    const times = state.numbers(held.map(({ timeMs }) => timeMs));
    this.state.saveOrLoad(state);
    this.timer = state.timer(this.timer, this, this.host);
    if (!state.loading) return;
    this.arrivals = events.map((event, i) => ({ event, timeMs: times[i] }));
    this.head = 0;
  }
}
