import type { SpanProgram } from '../../compile/context-program.ts';
import type { Subject } from '../../compile/evaluator.ts';
import type { PatternPoint, PointPlan } from '../../plan/context-plan.ts';
import { addPeriod } from '../../plan/period.ts';
import { NestedMap } from '../nested-map.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { CorrelatedEnvironment } from './correlated-index.ts';
import { Endings, nextOf } from './ending.ts';
import type { Door, Level, LevelHost, LevelPlace } from './level.ts';
import type { Partition } from './partition.ts';
import type { PointPattern } from './point-pattern.ts';

const noEvent: Subject = Object.freeze({});

/** `start … end …` and `initiated by … terminated by …`: partitions in time. All open ones see every event. */
export class SpanLevel implements Level, TimerOwner {
  readonly place: LevelPlace;
  private readonly program: SpanProgram;
  private readonly host: LevelHost;
  private readonly endings: Endings;
  private readonly open = new Set<Partition>();
  /** The open partitions by the values of `distinct`. */
  private readonly distinct: NestedMap<Partition> | undefined;
  private timer: Timer | undefined;
  /** The one at the start, while it waits. */
  private pattern: PointPattern | undefined;
  /** The event that ended a partition last. */
  private lastEnding: Subject | undefined;

  constructor(program: SpanProgram, place: LevelPlace, host: LevelHost) {
    this.program = program;
    this.place = place;
    this.host = host;
    this.endings = new Endings(program.terminated, host);
    this.distinct = program.distinct.length === 0 ? undefined : new NestedMap(program.distinct.length);
  }

  start(): void {
    if (this.program.body.now || this.isInside()) this.openOne([]);
    this.wait();
  }

  take(door: Door, event: Subject): void {
    const { program } = this;
    if (door.kind === 'end') {
      this.lastEnding = undefined;
      for (const partition of this.endings.endedBy(event, [...this.open])) this.host.end(partition, event);
      return;
    }
    if (door.kind === 'end-pattern') {
      for (const partition of [...this.open]) partition.ending?.collect(door.index, event);
      return;
    }
    if (door.kind === 'open-pattern') {
      this.pattern?.collect(door.index, event);
      return;
    }
    // One at a time; the event that has just ended one does not start the next.
    if (!program.body.overlapping && (this.open.size > 0 || this.lastEnding === event)) return;
    const point = program.opened!.plan;
    if (point.kind !== 'filter') return;
    const { correlated } = program.opened!;
    if (correlated !== undefined) {
      const environment = new CorrelatedEnvironment(this.host, { id: -1, values: this.place.outer });
      if (correlated.condition(event, null, environment) !== true) return;
    }
    this.openOne(point.named ? [event] : []);
  }

  /** The time to open has come. */
  onTimer(): void {
    this.timer = undefined;
    this.openOne([]);
    this.wait();
  }

  reach(_item: number, _event: Subject, into: Partition[]): void {
    for (const partition of this.open) into.push(partition);
  }

  partitions(): Iterable<Partition> {
    return this.open;
  }

  ended(partition: Partition, event: Subject | undefined): void {
    this.lastEnding = event;
    this.endings.forget(partition);
    this.open.delete(partition);
    this.distinct?.delete(this.distinctOf(partition.values));
    const { body } = this.program;
    if (body.overlapping) return;
    // What starts at once starts again at once; an event that ended one is not seen by the next.
    if (body.opened === undefined) this.openOne([], event);
    else this.wait();
  }

  stop(): void {
    if (this.timer !== undefined) this.host.cancel(this.timer);
    this.timer = undefined;
    this.pattern?.stop();
    this.pattern = undefined;
  }

  private openOne(named: readonly unknown[], unseen?: Subject): void {
    const { host, endings } = this;
    const values = [host.nowMs, endings.dueMs() ?? null, ...named];
    if (
      this.distinct !== undefined &&
      this.distinct.get(this.distinctOf([...this.place.outer, ...values])) !== undefined
    )
      return;
    const partition = host.open(this, values, endings, unseen);
    this.open.add(partition);
    this.distinct?.set(this.distinctOf(partition.values), partition);
  }

  private distinctOf(values: readonly unknown[]): readonly unknown[] {
    const environment = new CorrelatedEnvironment(this.host, { id: -1, values });
    return this.program.distinct.map((key) => key(noEvent, null, environment));
  }

  /** Between the points of two crontabs the span is open from the beginning. */
  private isInside(): boolean {
    const { body } = this.program;
    const { opened, terminated } = body;
    if (body.overlapping || opened?.kind !== 'cron' || terminated?.kind !== 'cron') return false;
    const [start, end] = [opened, terminated].map(({ schedules }) => nextOf(schedules, this.host.nowMs));
    return end !== undefined && (start === undefined || end < start);
  }

  /** For the next opening. */
  private wait(): void {
    const { host } = this;
    const { opened, overlapping } = this.program.body;
    if (opened === undefined || (!overlapping && this.open.size > 0)) return;
    if (opened.kind === 'pattern') {
      if (this.pattern !== undefined) return;
      this.pattern = this.createOpening();
      this.pattern?.start({});
      return;
    }
    const dueMs = dueOf(opened, host.nowMs);
    if (dueMs !== undefined) this.timer ??= host.schedule(dueMs, this);
  }

  private createOpening(): PointPattern | undefined {
    const { opened } = this.program;
    const point = opened?.plan;
    if (opened?.pattern === undefined || point?.kind !== 'pattern') return undefined;
    return this.host.createPattern(opened.pattern, this.place.outer, (matches, event) =>
      this.openMatched(point, matches, event),
    );
  }

  /** The pattern at the start has matched; where there is one partition at a time it has done its work. */
  private openMatched(
    { tags, named, inclusive }: PatternPoint,
    matches: readonly Subject[],
    event: Subject | undefined,
  ): void {
    for (const match of matches) {
      if (!this.program.body.overlapping && this.open.size > 0) break;
      const values = [...tags.map((tag) => match[tag]), ...(named ? [match] : [])];
      this.openOne(values, inclusive ? undefined : event);
    }
    if (this.program.body.overlapping) return;
    this.pattern?.stop();
    this.pattern = undefined;
  }

  saveOrLoad(state: StateStream): void {
    const known = [...this.open];
    const count = state.count(known.length);
    for (let i = 0; i < count; i++) {
      const partition = this.host.saveOrLoadPartition(state, known[i], this);
      this.endings.saveOrLoad(state, partition);
      if (!state.loading) continue;
      this.open.add(partition);
      this.distinct?.set(this.distinctOf(partition.values), partition);
    }
    this.timer = state.timer(this.timer, this, this.host);
    if (!state.flag(this.pattern !== undefined)) return;
    this.pattern ??= this.createOpening();
    this.pattern?.saveOrLoad(state);
  }
}

function dueOf(point: PointPlan, nowMs: number): number | undefined {
  switch (point.kind) {
    case 'after':
      return addPeriod(nowMs, point.period);
    case 'cron':
      return nextOf(point.schedules, nowMs);
    case 'filter':
    case 'pattern':
      return undefined;
    default:
      return point satisfies never;
  }
}
