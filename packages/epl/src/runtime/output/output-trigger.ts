import type { AssignmentProgram } from '../../compile/assignment-program.ts';
import type { Condition, Environment, Subject } from '../../compile/evaluator.ts';
import type { PeriodProgram } from '../../compile/period-program.ts';
import type { Program } from '../../compile/program.ts';
import type { OutputCondition } from '../../plan/output-plan.ts';
import { type Period, TimeGrid } from '../../plan/period.ts';
import { nextPoint, type Schedule } from '../../plan/schedule.ts';
import { assignVariables } from '../assign-variables.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';
import { saveOrLoadGrid } from '../snapshot/time-grid-state.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import type { Variables, VariableWatcher } from '../variable-store.ts';
import { eventCount } from './event-count.ts';
import { OutputNumbers } from './output-numbers.ts';

/** Decides when rows are given. */
export interface OutputTrigger extends Stateful {
  /** So many events entered and left. */
  noted(entered: number, left: number): void;
  /** Cancels its timers. */
  stop(): void;
}

export interface TriggerHost extends Environment {
  readonly variableStore: Variables;
  schedule(dueMs: number, owner: TimerOwner): Timer;
}

/** `every 3 events`: when so many have entered, or so many have left, since the last time. */
export class EventsTrigger implements OutputTrigger {
  private readonly amount: number | string;
  private readonly host: TriggerHost;
  private readonly fire: () => void;
  private entered = 0;
  private left = 0;

  /** @param amount or the name of the variable that has it */
  constructor(amount: number | string, host: TriggerHost, fire: () => void) {
    this.amount = amount;
    this.host = host;
    this.fire = fire;
  }

  noted(entered: number, left: number): void {
    this.entered += entered;
    this.left += left;
    const count = eventCount(this.amount, this.host);
    if (this.entered < count && this.left < count) return;
    this.entered = 0;
    this.left = 0;
    this.fire();
  }

  stop(): void {}

  saveOrLoad(state: StateStream): void {
    this.entered = state.number(this.entered);
    this.left = state.number(this.left);
  }
}

/**
 * `every 10 sec`: from the first event on, at its time + k × period, for ever. A period in which variables stand is
 * looked at again with each event and each output.
 */
export class TimeTrigger implements OutputTrigger, TimerOwner {
  readonly timerStage = 1;
  private period: Period;
  private readonly changing: PeriodProgram | undefined;
  private readonly host: TriggerHost;
  private readonly fire: () => void;
  private grid: TimeGrid | undefined;
  private timer: Timer | undefined;

  constructor(period: Period, changing: PeriodProgram | undefined, host: TriggerHost, fire: () => void) {
    this.period = period;
    this.changing = changing;
    this.host = host;
    this.fire = fire;
  }

  noted(): void {
    if (this.grid !== undefined && !this.follow()) return;
    if (this.grid === undefined && this.changing !== undefined) this.period = this.current();
    this.grid ??= new TimeGrid(this.host.nowMs, this.period);
    this.stop();
    this.schedule();
  }

  onTimer(): void {
    this.follow();
    this.schedule();
    this.fire();
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  /** Takes up a new length of the period, counted from where the grid began. */
  private follow(): boolean {
    if (this.changing === undefined) return false;
    const { months, milliseconds } = this.current();
    if (months === this.period.months && milliseconds === this.period.milliseconds) return false;
    this.period = { months, milliseconds };
    this.grid = new TimeGrid(this.grid!.originMs, this.period);
    return true;
  }

  /** What the variables say now; what is no time changes nothing. */
  private current(): Period {
    const period = this.changing!(noNumbers, this.host);
    if (period.months > 0 || period.milliseconds > 0) return period;
    return this.period;
  }

  private schedule(): void {
    const { host } = this;
    this.timer = host.schedule(this.grid!.after(host.nowMs), this);
  }

  saveOrLoad(state: StateStream): void {
    if (this.changing !== undefined) {
      const months = state.number(this.period.months);
      this.period = { months, milliseconds: state.number(this.period.milliseconds) };
    }
    this.grid = saveOrLoadGrid(state, this.grid, this.period);
    this.timer = state.timer(this.timer, this, this.host);
  }
}

const noNumbers: Subject = Object.freeze({});

/** `at (*, 0, *, *, *)`: at the points of a crontab, from the first event on. */
export class ScheduleTrigger implements OutputTrigger, TimerOwner {
  readonly timerStage = 1;
  private readonly plan: Schedule;
  private readonly host: TriggerHost;
  private readonly fire: () => void;
  private started = false;
  private timer: Timer | undefined;

  constructor(plan: Schedule, host: TriggerHost, fire: () => void) {
    this.plan = plan;
    this.host = host;
    this.fire = fire;
  }

  noted(): void {
    if (this.started) return;
    this.started = true;
    this.schedule();
  }

  onTimer(): void {
    this.schedule();
    this.fire();
  }

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private schedule(): void {
    const dueMs = nextPoint(this.plan, this.host.nowMs);
    if (dueMs !== undefined) this.timer = this.host.schedule(dueMs, this);
  }

  saveOrLoad(state: StateStream): void {
    this.started = state.flag(this.started);
    this.timer = state.timer(this.timer, this, this.host);
  }
}

/**
 * `when count_insert > 3`: tested with each change. After a change of a variable of the condition it is tested and
 * `then` is done at once, and rows are given with the next move of the clock.
 */
export class ConditionTrigger implements OutputTrigger, TimerOwner, VariableWatcher {
  readonly timerStage = 1;
  private readonly condition: Condition;
  private readonly assignments: readonly AssignmentProgram[];
  private readonly variables: readonly string[];
  private readonly host: TriggerHost;
  private readonly fire: () => void;
  private readonly numbers: OutputNumbers;
  private timer: Timer | undefined;
  private assigning = false;

  constructor(program: Program, plan: OutputCondition, host: TriggerHost, fire: () => void) {
    this.condition = program.outputCondition!;
    this.assignments = program.outputAssignments;
    this.variables = plan.variables;
    this.host = host;
    this.fire = fire;
    this.numbers = new OutputNumbers(plan.state, host);
    for (const name of this.variables) host.variableStore.watch(name, this);
  }

  noted(entered: number, left: number): void {
    this.numbers.add(entered, left);
    if (!this.numbers.fulfil(this.condition)) return;
    // The rows still see what the variables were.
    const state = { ...this.numbers.state };
    this.release();
    this.assign(state);
  }

  /** What it sets itself does not wake it, and it is woken once until the clock moves. */
  onVariable(): void {
    if (this.assigning || this.timer !== undefined || !this.numbers.fulfil(this.condition)) return;
    this.assign(this.numbers.state);
    this.timer = this.host.schedule(this.host.nowMs, this);
  }

  onTimer(): void {
    this.timer = undefined;
    this.release();
  }

  stop(): void {
    for (const name of this.variables) this.host.variableStore.unwatch(name, this);
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  /** `state`: the numbers that the values may read. */
  private assign(state: Subject): void {
    const { assignments, host } = this;
    this.assigning = true;
    try {
      assignVariables(assignments, state, host.variableStore, host);
    } finally {
      this.assigning = false;
    }
  }

  private release(): void {
    this.numbers.begin();
    this.fire();
  }

  saveOrLoad(state: StateStream): void {
    this.numbers.saveOrLoad(state);
    this.timer = state.timer(this.timer, this, this.host);
  }
}

/** `when terminated`: never by itself. */
export class EndTrigger implements OutputTrigger {
  noted(): void {}

  stop(): void {}

  /** It keeps nothing. */
  saveOrLoad(): void {}
}
