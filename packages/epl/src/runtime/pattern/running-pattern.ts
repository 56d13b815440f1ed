import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { PatternProgram } from '../../compile/pattern-program.ts';
import { attachEvidence } from '../evidence.ts';
import type { StateStream } from '../snapshot/state-stream.ts';
import type { Row } from '../statement.ts';
import type { LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerOwner } from '../timers.ts';
import { createState } from './create-state.ts';
import { eventsOf, type PatternContext, type PatternParent, type PatternState } from './pattern-state.ts';
import { type Wait, WaitTable } from './wait-table.ts';

/** What a pattern needs from its statement. */
export interface PatternHost {
  createLane(): TimerLane;
  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  cancel(timer: Timer): void;
  /** @throws EplError `EPL_LIMIT` */
  retain(count: number): void;
  openPartial(): boolean;
  closePartial(): void;
  /** There is something to {@link RunningPattern.flush} when the current event or timers are done. */
  markDirty(): void;
  failed(error: unknown): void;
}

interface Match {
  readonly match: Subject;
  /** The event that completed it; undefined where it was the clock. */
  readonly trigger: Subject | undefined;
}

/**
 * One pattern at work. An event first meets all that waits for it, and only then is anything changed by it: what it
 * opens does not see it again. All matches of one event, or of one move of the clock, are given together.
 */
export class RunningPattern implements PatternContext, PatternParent {
  readonly keepsFilters = false;
  readonly program: PatternProgram;
  readonly environment: Environment;
  readonly tables: readonly WaitTable[];
  private readonly host: PatternHost;
  private readonly sink: (matches: readonly Subject[]) => void;
  readonly lanes: readonly TimerLane[];
  private readonly filterOrder: readonly number[];
  /** Some filter has a level of `@consume`. */
  private readonly consumes: boolean;
  private root: PatternState | undefined;
  /** Of each filter the states that the current event ends. */
  private readonly met: Wait[][];
  private metCount = 0;
  private event: Subject | undefined = undefined;
  private matches: Match[] = [];

  constructor(
    program: PatternProgram,
    environment: Environment,
    host: PatternHost,
    sink: (matches: readonly Subject[]) => void,
  ) {
    this.program = program;
    this.environment = environment;
    this.host = host;
    this.sink = sink;
    this.tables = program.filters.map((filter) => new WaitTable(filter, this));
    this.lanes = program.laneMs.map(() => host.createLane());
    this.met = program.filters.map(() => []);
    this.consumes = program.plan.filters.some(({ consume }) => consume !== undefined);
    this.filterOrder = program.filterOrder;
  }

  /** Opens the pattern: its timers count from now. `given`: the values that some tags have from the start. */
  start(given: Readonly<Record<string, unknown>> = {}): void {
    const { program } = this;
    this.root = createState(program.root, this, 0, this);
    const begin = Object.assign(new program.plan.type.Instance(), given) as Subject;
    if (program.evidence > 0) attachEvidence(begin as Row, []);
    this.root.start(begin);
  }

  stop(): void {
    this.root?.quit();
    this.root = undefined;
    this.matches = [];
  }

  /** An event that passed the fixed conditions of that filter; {@link flush} does what follows from it. */
  collect(filter: number, event: Subject): void {
    const found = this.met[filter];
    const { length } = found;
    this.tables[filter].collect(event, found);
    if (found.length === length) return;
    this.event = event;
    this.metCount += found.length - length;
    this.host.markDirty();
  }

  flush(): void {
    this.fire();
    const { suppressOverlapping, discardPartials } = this.program.plan;
    while (this.matches.length > 0) {
      const { matches } = this;
      this.matches = [];
      const given = suppressOverlapping ? withoutOverlaps(matches) : matches;
      this.sink(given.map(({ match }) => match));
      if (discardPartials) this.root?.discard(new Set(matches.flatMap(({ match }) => eventsOf(match))));
    }
  }

  matched(partial: Subject, _from: PatternState, ended: boolean): void {
    if (ended) this.root = undefined;
    this.matches.push({ match: partial, trigger: this.event });
    this.host.markDirty();
  }

  failed(from: PatternState): void {
    from.quit();
    this.root = undefined;
  }

  failedOver(error: unknown): void {
    this.host.failed(error);
  }

  /** Gives up the oldest partial match; false where there is none. */
  dropOldest(): boolean {
    return this.root?.dropOldest() === true;
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.host.scheduleIn(lane, dueMs, entry);
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.schedule(dueMs, owner);
  }

  cancel(timer: Timer): void {
    this.host.cancel(timer);
  }

  retain(count: number): void {
    if (count !== 0) this.host.retain(count);
  }

  openPartial(): boolean {
    return this.host.openPartial();
  }

  closePartial(): void {
    this.host.closePartial();
  }

  /** Hands the event to all that it met; of filters with `@consume` only those of the highest level take it. */
  private fire(): void {
    const { met, event } = this;
    let left = this.metCount;
    if (left > 0) {
      this.metCount = 0;
      let level = 0;
      if (this.consumes)
        for (const found of met) if (found.length > 0) level = Math.max(level, found[0].consume);
      for (let i = 0; left > 0; i++) {
        const found = met[this.filterOrder[i]];
        if (found.length === 0) continue;
        left -= found.length;
        const takes = !this.consumes || found[0].consume === level;
        if (takes) for (let j = 0; j < found.length; j++) this.show(event!, found[j]);
        // Emptied in place: the array serves the next event.
        while (found.length > 0) found.pop();
      }
    }
    this.event = undefined;
  }

  /** What goes wrong with one wait does not concern the others. */
  private show(event: Subject, wait: Wait): void {
    try {
      wait.take(event);
    } catch (error) {
      this.host.failed(error);
    }
  }

  saveOrLoad(state: StateStream): void {
    if (state.loading) {
      this.root?.quit();
      this.root = undefined;
      this.matches = [];
      for (const lane of this.lanes) lane.clear();
    }
    if (state.flag(this.root !== undefined)) {
      this.root ??= createState(this.program.root, this, 0, this);
      this.root.saveOrLoad(state);
    }
    for (const table of this.tables) table.saveOrLoad(state);
    for (const lane of this.lanes) lane.saveOrLoad(state);
  }
}

/** Of the matches that share an event with one before them, or were completed by the same event, only the first. */
function withoutOverlaps(matches: readonly Match[]): Match[] {
  const seen = new Set<unknown>();
  return matches.filter(({ match, trigger }) => {
    const events = eventsOf(match);
    if (trigger !== undefined) events.push(trigger);
    if (events.some((event) => seen.has(event))) return false;
    for (const event of events) seen.add(event);
    return true;
  });
}
