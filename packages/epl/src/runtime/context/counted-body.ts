import type { Subject } from '../../compile/evaluator.ts';
import type { Program } from '../../compile/program.ts';
import { addPeriod, type Period } from '../../plan/period.ts';
import type { Group } from '../group.ts';
import { noRows } from '../results/row-buffer.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { Arrivals } from '../windows/arrivals.ts';
import type { Member, MemberBody } from './member.ts';

/**
 * A select that counts the events of a `time` window and gives new rows, in one partition: what `SelectInstance`, its
 * window and its builder do, in one object. There may be a great many partitions, of which each event and each timer
 * touches one that is not in the cache.
 */
export class CountedBody implements MemberBody, TimerOwner {
  private readonly member: Member;
  private readonly program: Program;
  private readonly period: Period;
  private readonly arrivals = new Arrivals();
  private count = 0;
  /** Used again and again. */
  private timer: Timer | undefined = undefined;
  private isSet = false;

  constructor(program: Program, period: Period, member: Member) {
    this.program = program;
    this.period = period;
    this.member = member;
  }

  /** Undefined where the select does more than that. */
  static create(program: Program, member: Member): CountedBody | undefined {
    const { plan, keys, writer, wanted } = program;
    const [{ window, lateFilter, contained, history }] = plan.inputs;
    const countsOnly =
      plan.retention === 'counts' &&
      keys.length === 0 &&
      writer.isPlain &&
      wanted.newRows &&
      !wanted.oldRows &&
      !member.drops &&
      (lateFilter ?? contained ?? history) === undefined;
    return countsOnly && window?.kind === 'time'
      ? new CountedBody(program, window.period, member)
      : undefined;
  }

  receive(): void {
    const { member, arrivals } = this;
    member.take(1);
    arrivals.push(member.nowMs);
    if (!this.isSet) this.schedule();
    this.count++;
    this.give();
  }

  onTimer(): void {
    this.isSet = false;
    const { arrivals, member, period } = this;
    const { nowMs } = member;
    let leaving = 0;
    while (!arrivals.isEmpty && addPeriod(arrivals.firstTimeMs, period) <= nowMs)
      leaving += arrivals.shiftTogether();
    if (!arrivals.isEmpty) this.schedule();
    if (leaving === 0) return;
    member.take(-leaving);
    this.count -= leaving;
    this.give();
  }

  flush(): void {}

  rows(): Iterable<Row> {
    return this.program.writer.rowsOf(noEvent, this.total(), this.member);
  }

  terminate(): void {}

  stop(): void {
    if (this.timer !== undefined) this.timer.cancelled = true;
  }

  private give(): void {
    const { program, member } = this;
    const rows = program.writer.rowsOf(noEvent, this.total(), member);
    program.outlet.giveRows(rows, noRows.rows, false, member);
  }

  private total(): Group {
    return this.program.counts!.group(noKeys, 0, this.count);
  }

  /** For the oldest. */
  private schedule(): void {
    const dueMs = addPeriod(this.arrivals.firstTimeMs, this.period);
    if (this.timer === undefined) this.timer = this.member.schedule(dueMs, this);
    else this.timer.set(dueMs);
    this.isSet = true;
  }

  saveOrLoad(state: StateStream): void {
    this.count = state.number(this.count);
    this.arrivals.saveOrLoad(state);
    this.timer = state.timer(this.isSet ? this.timer : undefined, this, this.member);
    this.isSet = this.timer !== undefined;
  }
}

const noKeys: readonly unknown[] = [];
/** Rows of a count read no event. */
const noEvent: Subject = Object.freeze({});
