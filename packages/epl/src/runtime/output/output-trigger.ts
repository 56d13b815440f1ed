import type { Condition, Environment } from '../../compile/evaluator.ts';
import { type Period, TimeGrid } from '../../plan/period.ts';
import { nextPoint, type Schedule } from '../../plan/schedule.ts';
import type { EventType } from '../event-type.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { OutputNumbers } from './output-numbers.ts';

/** Decides when rows are given. */
export interface OutputTrigger {
  /** So many events entered and left. */
  noted(entered: number, left: number): void;
  /** Cancels its timers. */
  stop(): void;
}

export interface TriggerHost extends Environment {
  schedule(dueMs: number, owner: TimerOwner): Timer;
}

/** `every 3 events`: when so many have entered, or so many have left, since the last time. */
export class EventsTrigger implements OutputTrigger {
  private readonly count: number;
  private readonly fire: () => void;
  private entered = 0;
  private left = 0;

  constructor(count: number, fire: () => void) {
    this.count = count;
    this.fire = fire;
  }

  noted(entered: number, left: number): void {
    this.entered += entered;
    this.left += left;
    if (this.entered < this.count && this.left < this.count) return;
    this.entered = 0;
    this.left = 0;
    this.fire();
  }

  stop(): void {}
}

/** `every 10 sec`: from the first event on, at its time + k × period, for ever. */
export class TimeTrigger implements OutputTrigger, TimerOwner {
  private readonly period: Period;
  private readonly host: TriggerHost;
  private readonly fire: () => void;
  private grid: TimeGrid | undefined;
  private timer: Timer | undefined;

  constructor(period: Period, host: TriggerHost, fire: () => void) {
    this.period = period;
    this.host = host;
    this.fire = fire;
  }

  noted(): void {
    if (this.grid !== undefined) return;
    this.grid = new TimeGrid(this.host.nowMs, this.period);
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
    const { host } = this;
    this.timer = host.schedule(this.grid!.after(host.nowMs), this);
  }
}

/** `at (*, 0, *, *, *)`: at the points of a crontab, from the first event on. */
export class ScheduleTrigger implements OutputTrigger, TimerOwner {
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
}

/** `when count_insert > 3`: tested with each change. */
export class ConditionTrigger implements OutputTrigger {
  private readonly condition: Condition;
  private readonly fire: () => void;
  private readonly numbers: OutputNumbers;

  constructor(condition: Condition, state: EventType, host: Environment, fire: () => void) {
    this.condition = condition;
    this.fire = fire;
    this.numbers = new OutputNumbers(state, host);
  }

  noted(entered: number, left: number): void {
    const { numbers } = this;
    numbers.add(entered, left);
    if (!numbers.fulfil(this.condition)) return;
    numbers.begin();
    this.fire();
  }

  stop(): void {}
}

/** `when terminated`: never by itself. */
export class EndTrigger implements OutputTrigger {
  noted(): void {}

  stop(): void {}
}
