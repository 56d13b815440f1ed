import type { Subject } from '../../compile/evaluator.ts';
import { type DurationProgram, endOf } from '../../compile/pattern-program.ts';
import { type StateStream, UnfitState } from '../snapshot/state-stream.ts';
import { type LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerKeeper, TimerOwner, TimerStage } from '../timers.ts';
import { type PatternContext, type PatternParent, PatternState } from './pattern-state.ts';

/** A state with a timer: one of constant length stands in a lane as the state itself. */
export abstract class TimedState extends PatternState implements LaneEntry {
  dueMs = 0;
  sequence = 0;
  /** The timer is no longer wanted, or has run. */
  cancelled = true;
  earlier: LaneEntry | undefined = undefined;
  later: LaneEntry | undefined = undefined;
  protected readonly context: PatternContext;
  /** What it stands in. */
  private timer: Timer | TimerLane | undefined = undefined;

  constructor(parent: PatternParent, place: number, context: PatternContext) {
    super(parent, place);
    this.context = context;
  }

  get timerStage(): TimerStage {
    return 2;
  }

  get owner(): TimerOwner {
    return this;
  }

  get keeper(): TimerKeeper {
    return (this.timer as TimerLane).keeper;
  }

  abstract onTimer(): void;

  /** Sets the timer for the end of a duration that begins now. */
  protected startTimer(duration: DurationProgram, partial: Subject): void {
    const { context } = this;
    const dueMs = endOf(duration, partial, context.environment);
    if (duration.lane === undefined) {
      this.startTimerAt(dueMs);
      return;
    }
    this.cancelled = false;
    const lane = context.lanes[duration.lane];
    this.timer = lane;
    context.scheduleIn(lane, dueMs, this);
  }

  protected startTimerAt(dueMs: number): void {
    this.cancelled = false;
    this.timer = this.context.schedule(dueMs, this);
  }

  protected stopTimer(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    const { timer } = this;
    if (timer instanceof TimerLane) timer.remove(this);
    else this.context.cancel(timer!);
  }

  protected saveOrLoadTimer(state: StateStream): void {
    const { context, timer } = this;
    const isSet = state.flag(!this.cancelled);
    if (isSet) {
      const inLane = state.number(timer instanceof TimerLane ? context.lanes.indexOf(timer) : -1);
      if (inLane < 0) this.timer = state.timer(timer as Timer | undefined, this, context);
      else {
        this.dueMs = state.number(this.dueMs);
        this.sequence = state.sequence(this.sequence);
        if (state.loading) this.enter(context.lanes[inLane]);
      }
    }
    // Not before it has one.
    this.cancelled = !isSet || this.timer === undefined;
  }

  /** Stands in the lane again. */
  private enter(lane: TimerLane | undefined): void {
    if (lane === undefined || Number.isNaN(this.dueMs)) throw new UnfitState('a timer has no lane');
    this.timer = lane;
    lane.revive(this);
  }
}
