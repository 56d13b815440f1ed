import type { Subject } from '../../compile/evaluator.ts';
import type { PatternProgram } from '../../compile/pattern-program.ts';
import { type PatternOwner, StatementPatterns } from '../pattern/statement-patterns.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { StateBudget } from '../state-budget.ts';
import type { StatementInstance } from '../statement-instance.ts';
import type { LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { CorrelatedEnvironment } from './correlated-index.ts';
import type { PointSink } from './level.ts';

/** What a pattern at a start or an end needs from its context. */
export interface PointHost {
  /** Keeps its timers and takes the blame. */
  readonly instance: StatementInstance;
  /** The event at hand. */
  readonly event: Subject | undefined;
  markDirty(pattern: PointPattern): void;
}

/** The filters of the pattern are numbered behind its one input. */
const inputs = 1;

/** A pattern that opens or ends partitions. */
export class PointPattern implements PatternOwner {
  private readonly host: PointHost;
  private readonly patterns: StatementPatterns;
  private isDirty = false;

  constructor(program: PatternProgram, values: readonly unknown[], host: PointHost, sink: PointSink) {
    this.host = host;
    const environment = new CorrelatedEnvironment(host.instance.environment, { id: -1, values });
    this.patterns = new StatementPatterns([program], environment, this, (_input, matches) =>
      sink(matches, host.event),
    );
  }

  /** It waits from now on. `given`: the values that tags have from the start. */
  start(given: Readonly<Record<string, unknown>>): void {
    this.patterns.start(given);
  }

  /** An event that passed what the filter demands of it alone. */
  collect(filter: number, event: Subject): void {
    this.patterns.collect(inputs + filter, event);
  }

  flush(): void {
    this.isDirty = false;
    this.patterns.flush();
  }

  stop(): void {
    this.patterns.stop();
  }

  get budget(): StateBudget {
    return this.host.instance.budget;
  }

  get partials(): StateBudget {
    return this.host.instance.partials;
  }

  createLane(): TimerLane {
    return this.host.instance.createLane();
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.host.instance.scheduleIn(lane, dueMs, entry);
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.instance.schedule(dueMs, owner);
  }

  cancel(timer: Timer): void {
    this.host.instance.cancel(timer);
  }

  markDirty(): void {
    if (this.isDirty) return;
    this.isDirty = true;
    this.host.markDirty(this);
  }

  failed(error: unknown): void {
    this.host.instance.failed(error);
  }

  saveOrLoad(state: StateStream): void {
    this.patterns.saveOrLoad(state);
  }
}
