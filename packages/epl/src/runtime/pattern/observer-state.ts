import type { Subject } from '../../compile/evaluator.ts';
import type { DurationProgram, TimerScheduleProgram } from '../../compile/pattern-program.ts';
import { EplError } from '../../errors.ts';
import { parseDate, parseRecurringInterval, type RecurringInterval } from '../../plan/iso-8601.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import { nextPoint, type Schedule } from '../../plan/schedule.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { PatternContext, PatternParent } from './pattern-state.ts';
import { sharesEvent } from './pattern-state.ts';
import { TimedState } from './timed-state.ts';

/** Waits for a point in time, with what had matched when it began. */
abstract class ObserverState extends TimedState {
  protected begin!: Subject;

  quit(): void {
    this.stopTimer();
  }

  discard(events: ReadonlySet<unknown>): void {
    if (this.cancelled || !sharesEvent(this.begin, events)) return;
    this.stopTimer();
    this.parent.failed(this, true);
  }

  onTimer(): void {
    this.cancelled = true;
    this.parent.matched(this.begin, this, true);
  }

  saveOrLoad(state: StateStream): void {
    this.begin = state.event(this.begin);
    this.saveOrLoadTimer(state);
  }
}

/** `timer:interval(10 sec)`. */
export class IntervalState extends ObserverState {
  private readonly duration: DurationProgram;

  constructor(parent: PatternParent, place: number, duration: DurationProgram, context: PatternContext) {
    super(parent, place, context);
    this.duration = duration;
  }

  start(partial: Subject): void {
    this.begin = partial;
    const { months, milliseconds } = this.duration.period(partial, this.context.environment);
    if (months === 0 && milliseconds === 0) this.parent.matched(partial, this, true);
    else this.startTimer(this.duration, partial);
  }
}

/** `timer:at(*\/5, *, *, *, *)`. */
export class AtState extends ObserverState {
  private readonly schedule: Schedule;

  constructor(parent: PatternParent, place: number, schedule: Schedule, context: PatternContext) {
    super(parent, place, context);
    this.schedule = schedule;
  }

  start(partial: Subject): void {
    this.begin = partial;
    const dueMs = nextPoint(this.schedule, this.context.environment.nowMs);
    if (dueMs !== undefined) this.startTimerAt(dueMs);
  }
}

/**
 * `timer:schedule(iso: 'R2/2024-03-01T10:00:00Z/PT10S')`: matches again and again by itself. A date with repetitions is
 * the first of them; without repetitions the only match is one period behind it.
 */
export class ScheduleState extends ObserverState {
  private readonly schedule: TimerScheduleProgram;
  private anchorMs = 0;
  private period: Period | undefined = undefined;
  /** How many matches there are in all, and how many periods behind the anchor the next one is. */
  private repetitions = 1;
  private nextIndex = 0;
  private nextMs = 0;

  constructor(parent: PatternParent, place: number, schedule: TimerScheduleProgram, context: PatternContext) {
    super(parent, place, context);
    this.schedule = schedule;
  }

  override get staysOpen(): boolean {
    return true;
  }

  start(partial: Subject): void {
    this.begin = partial;
    const { repetitions, dateMs, period } = this.evaluate(partial);
    this.anchorMs = dateMs ?? this.context.environment.nowMs;
    this.period = period;
    // Where nothing is repeated, or nothing but the period is known, it begins behind the anchor.
    const behind = period !== undefined && (repetitions === undefined || dateMs === undefined);
    const first = behind ? 1 : 0;
    const count = repetitions === undefined ? 1 : repetitions < 0 ? Number.POSITIVE_INFINITY : repetitions;
    this.repetitions = count + first;
    this.nextIndex = first;
    this.nextMs = first === 1 ? addPeriod(this.anchorMs, period!) : this.anchorMs;
    this.skipPast();
    if (this.nextIndex < this.repetitions) this.startTimerAt(this.nextMs);
    else this.parent.failed(this, false);
  }

  override onTimer(): void {
    this.cancelled = true;
    this.skipPast();
    const ended = this.nextIndex >= this.repetitions;
    if (!ended) this.startTimerAt(this.nextMs);
    this.parent.matched(this.begin, this, ended);
  }

  /** Goes on to the first point behind now. */
  private skipPast(): void {
    const { nowMs } = this.context.environment;
    const { period } = this;
    while (this.nextMs <= nowMs && this.nextIndex < this.repetitions) {
      if (period !== undefined && period.months === 0) {
        const skipped = Math.floor((nowMs - this.nextMs) / period.milliseconds) + 1;
        this.nextIndex += skipped;
        this.nextMs += skipped * period.milliseconds;
      } else {
        this.nextIndex++;
        if (period !== undefined) this.nextMs = addPeriod(this.nextMs, period);
      }
    }
  }

  private evaluate(partial: Subject): RecurringInterval {
    const { schedule } = this;
    const { environment } = this.context;
    if (schedule.kind === 'iso') {
      const text = schedule.text(partial, null, environment);
      const interval = text === null ? undefined : parseRecurringInterval(String(text));
      if (interval !== undefined) return interval;
      throw new EplError(
        'EPL_EVALUATION',
        `timer:schedule: '${text}' is no date, period or repetition of ISO 8601`,
      );
    }
    const repetitions = schedule.repetitions?.(partial, null, environment);
    return {
      repetitions: repetitions === undefined || repetitions === null ? undefined : Number(repetitions),
      dateMs: this.date(partial),
      period: schedule.period?.period(partial, environment),
    };
  }

  private date(partial: Subject): number | undefined {
    const { schedule } = this;
    if (schedule.kind === 'iso' || schedule.date === undefined) return undefined;
    const value = schedule.date(partial, null, this.context.environment);
    const dateMs = typeof value === 'string' ? parseDate(value) : value === null ? undefined : Number(value);
    if (dateMs !== undefined) return dateMs;
    throw new EplError('EPL_EVALUATION', `timer:schedule: ${JSON.stringify(value)} is no date`);
  }

  override saveOrLoad(state: StateStream): void {
    super.saveOrLoad(state);
    this.anchorMs = state.number(this.anchorMs);
    if (state.flag(this.period !== undefined)) {
      const months = state.number(this.period?.months ?? 0);
      this.period = { months, milliseconds: state.number(this.period?.milliseconds ?? 0) };
    }
    this.repetitions = state.number(this.repetitions);
    this.nextIndex = state.number(this.nextIndex);
    this.nextMs = state.number(this.nextMs);
  }
}
