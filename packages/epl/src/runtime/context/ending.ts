import type { PointProgram } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import { addPeriod } from '../../plan/period.ts';
import { nextPoint, type Schedule } from '../../plan/schedule.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { CorrelatedIndex } from './correlated-index.ts';
import type { LevelHost } from './level.ts';
import type { Partition } from './partition.ts';
import type { PointPattern } from './point-pattern.ts';

/** What waits for the end of one partition. */
export interface Ending extends Stateful {
  /** An event for that filter of the pattern at the end. */
  collect(filter: number, event: Subject): void;
  /** Waits no longer. */
  stop(): void;
}

/** What ends the partitions of a level. */
export class Endings {
  private readonly program: PointProgram | undefined;
  private readonly host: LevelHost;
  /** Of an end by an event: the partitions by what it must fulfil. */
  private readonly index: CorrelatedIndex | undefined;

  constructor(program: PointProgram | undefined, host: LevelHost) {
    this.program = program;
    this.host = host;
    this.index = program?.correlated && new CorrelatedIndex(program.correlated, host);
  }

  /** When a partition that opens now will end, where that is known. */
  dueMs(): number | undefined {
    const plan = this.program?.plan;
    if (plan?.kind === 'after') return addPeriod(this.host.nowMs, plan.period);
    if (plan?.kind === 'cron') return nextOf(plan.schedules, this.host.nowMs);
    return undefined;
  }

  /** Waits for the end of a partition. */
  watch(partition: Partition): void {
    const dueMs = this.dueMs();
    if (dueMs !== undefined) {
      const ending = new TimedEnding(partition, this.host);
      ending.wait(dueMs);
      partition.ending = ending;
    }
    this.index?.add(partition);
    const { program } = this;
    if (program?.plan.kind !== 'pattern') return;
    const given = program.plan.given.map(({ name, slot }) => [name, partition.values[slot]]);
    const pattern = this.patternFor(partition);
    partition.ending = pattern;
    pattern?.start(Object.fromEntries(given));
  }

  /** What waits for the end of a partition, which is there again where a snapshot is put back. */
  saveOrLoad(state: StateStream, partition: Partition): void {
    if (state.loading) {
      partition.ending = this.patternFor(partition) ?? new TimedEnding(partition, this.host);
      this.index?.add(partition);
    }
    if (state.flag(partition.ending !== undefined)) partition.ending?.saveOrLoad(state);
    else partition.ending = undefined;
  }

  private patternFor(partition: Partition): PointPattern | undefined {
    const { program, host } = this;
    if (program?.pattern === undefined || program.plan.kind !== 'pattern') return undefined;
    return host.createPattern(program.pattern, partition.values, (_matches, event) =>
      host.end(partition, event),
    );
  }

  /** A partition has ended, by whatever. */
  forget(partition: Partition): void {
    partition.ending?.stop();
    partition.ending = undefined;
    this.index?.remove(partition);
  }

  /** Of these partitions the ones that the event ends. */
  endedBy(event: Subject, partitions: readonly Partition[]): readonly Partition[] {
    const { index } = this;
    if (index === undefined) return partitions;
    if (partitions.length === 1) return partitions.filter((partition) => index.fits(event, partition));
    const found: Partition[] = [];
    index.collect(event, found);
    return found;
  }
}

/** The first point of any of the crontabs. */
export function nextOf(schedules: readonly Schedule[], nowMs: number): number | undefined {
  let first: number | undefined;
  for (const schedule of schedules) {
    const point = nextPoint(schedule, nowMs);
    if (point !== undefined && (first === undefined || point < first)) first = point;
  }
  return first;
}

class TimedEnding implements Ending, TimerOwner {
  private readonly partition: Partition;
  private readonly host: LevelHost;
  private timer: Timer | undefined;

  constructor(partition: Partition, host: LevelHost) {
    this.partition = partition;
    this.host = host;
  }

  wait(dueMs: number): void {
    this.timer = this.host.schedule(dueMs, this);
  }

  onTimer(): void {
    this.host.end(this.partition);
  }

  collect(): void {}

  stop(): void {
    if (this.timer !== undefined) this.host.cancel(this.timer);
  }

  saveOrLoad(state: StateStream): void {
    this.timer = state.timer(this.timer, this, this.host);
  }
}
