import type { Annotation } from '../annotation.ts';
import type { Environment, Subject } from '../compile/evaluator.ts';
import type { EventRows } from '../compile/event-rows.ts';
import type { Program } from '../compile/program.ts';
import type { RowMaker } from '../compile/row-maker.ts';
import type { CompiledStatement } from '../compile-module.ts';
import { EplError } from '../errors.ts';
import type { StatementPlan } from '../plan/plan.ts';
import type { PartitionSelector } from './context/partition-selector.ts';
import type { PartitionedStatement } from './context/partitioned-statement.ts';
import type { EventType } from './event-type.ts';
import { LiveCounters } from './live-counters.ts';
import type { ConsumerWindow } from './named-window/consumer-window.ts';
import { type PatternOwner, type StatementPatterns, startPatterns } from './pattern/statement-patterns.ts';
import type { Overflow } from './runtime.ts';
import { type SelectHost, SelectInstance } from './select-instance.ts';
import type { Stateful, StateStream } from './snapshot/state-stream.ts';
import { StateBudget } from './state-budget.ts';
import type { Listener, Row, Statement } from './statement.ts';
import type { Draft, Stores } from './store/row-store.ts';
import type { LaneEntry, TimerLane } from './timer-lane.ts';
import type { Timer, TimerKeeper, TimerOwner } from './timers.ts';
import type { Variables } from './variable-store.ts';

/** What an instance needs from the runtime. */
export interface InstanceHost extends Environment {
  readonly maxRetained: number;
  readonly maxPartialMatches: number;
  readonly variables: ReadonlyMap<string, unknown>;
  readonly variableStore: Variables;
  readonly stores: Stores;
  /** For {@link StatementCounters.timeSpentMs}; undefined where it is not measured. */
  readonly clock: (() => number) | undefined;
  overflowOf(instance: StatementInstance): Overflow;
  /** One more than the last statement got. */
  takeTimerRank(): number;
  schedule(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer;
  createLane(keeper: TimerKeeper): TimerLane;
  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void;
  cancel(timer: Timer): void;
  /** Queues a row for a stream. */
  insert(type: string, row: Row): void;
  /** The instance has something to {@link StatementInstance.flush} when the current event or timers are done. */
  markDirty(instance: StatementInstance): void;
  failed(instance: StatementInstance, error: EplError): void;
}

/** What a statement that is no select does with an event that passed its filter. */
export interface EventTrigger extends Stateful {
  run(event: Subject, input: number): void;
  /** For iteration. */
  rows(): Iterable<Row>;
  /** Takes up what the named windows that it reads hold already. */
  load?(): void;
  stop?(): void;
  /** Does what waited until the current event or the timers were done. */
  flush?(): void;
}

/**
 * One running statement as everything outside of it knows it: its name, its listeners, its counters. It takes the
 * blame for what goes wrong inside. What it does with events is its select's or its trigger's.
 */
export class StatementInstance implements Statement, SelectHost, PatternOwner, TimerKeeper {
  // What each event needs stands first, in one or two lines of the cache: there may be thousands of statements.
  private readonly host: InstanceHost;
  stopped = false;
  /** Of a select that makes its rows of events, and keeps nothing: {@link EventRows}. */
  private readonly rowOfEvent: RowMaker | undefined;
  private readonly isSafe: boolean;
  /** Of all other selects. */
  private readonly select: SelectInstance | undefined;
  readonly counters: LiveCounters;
  private listeners: readonly Listener[] = [];
  /** What triggers report while several run for one delivery. */
  private gathered: { readonly newRows: Row[]; readonly oldRows: Row[] } | undefined;
  /** What the statement does with an event, where it is no select. Set once, before any event. */
  trigger: EventTrigger | undefined;
  /** Of a statement in a context, whose state lives in partitions. Set once, before any event. */
  partitions: PartitionedStatement | undefined;
  /** The patterns that it reads; undefined where it reads none. */
  private patterns: StatementPatterns | undefined;
  private dirty = false;
  nextDirty: StatementInstance | undefined = undefined;
  readonly name: string;
  readonly annotations: readonly Annotation[];
  readonly insertInto: string | undefined;
  readonly eventType: EventType;
  readonly timerRank: number;
  readonly budget: StateBudget;
  /** Of its patterns. */
  readonly partials: StateBudget;

  constructor(
    compiled: CompiledStatement,
    program: Program | undefined,
    eventRows: EventRows | undefined,
    host: InstanceHost,
  ) {
    this.name = compiled.name;
    this.annotations = compiled.annotations;
    this.insertInto = compiled.insertInto;
    this.eventType = compiled.eventType;
    this.host = host;
    const rank = host.takeTimerRank();
    // What ends partitions comes before all that is due in them at the same time.
    this.timerRank = compiled.plan.kind === 'create-context' ? rank + contextRank : rank;
    const overflow = host.overflowOf(this);
    this.budget = new StateBudget(host.maxRetained, overflow, this);
    this.counters = new LiveCounters(this.budget);
    this.rowOfEvent = eventRows?.makeRow;
    this.isSafe = eventRows?.isSafe === true;
    this.select = program && new SelectInstance(program, this);
    const partials = 'partial matches already (maxPartialMatches)';
    this.partials = new StateBudget(host.maxPartialMatches, overflow, this, partials);
  }

  /** Once its inputs are connected: its patterns wait from now on. */
  start(plan: StatementPlan, program: Program | undefined): void {
    const { trigger, select } = this;
    this.patterns = startPatterns(plan, program, select ?? this.host, this, (input, matches) => {
      if (trigger === undefined) select!.receiveMatches(input, matches);
      else this.runTrigger(trigger, input, matches);
    });
  }

  /** Matches that came together trigger one by one, and what they report is one delivery. */
  private runTrigger(trigger: EventTrigger, input: number, matches: readonly Subject[]): void {
    this.together(() => {
      for (const match of matches) trigger.run(match, input);
    });
  }

  together(work: () => void): void {
    if (this.gathered !== undefined) {
      work();
      return;
    }
    const gathered = { newRows: [] as Row[], oldRows: [] as Row[] };
    this.gathered = gathered;
    try {
      work();
    } finally {
      this.gathered = undefined;
      const { newRows, oldRows } = gathered;
      if (newRows.length > 0 || oldRows.length > 0) this.report(newRows, oldRows);
    }
  }

  createLane(): TimerLane {
    return this.laneFor(this);
  }

  /** A queue of timers whose owners are run by that keeper. */
  laneFor(keeper: TimerKeeper): TimerLane {
    return this.host.createLane(keeper);
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.host.scheduleIn(lane, dueMs, entry);
  }

  cancel(timer: Timer): void {
    this.host.cancel(timer);
  }

  /** What expressions outside of a select see. */
  get environment(): Environment {
    return this.host;
  }

  get variableStore(): Variables {
    return this.host.variableStore;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.host.variables;
  }

  get stores(): Stores {
    return this.host.stores;
  }

  get nowMs(): number {
    return this.host.nowMs;
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.schedule(dueMs, owner, this);
  }

  /** A timer whose owner is run by another keeper: a partition. */
  scheduleFor(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer {
    return this.host.schedule(dueMs, owner, keeper);
  }

  insert(type: string, row: Row): void {
    const table = this.stores.table(type);
    if (table === undefined) this.host.insert(type, row);
    else table.commit([{ row: undefined, draft: row as Draft }]);
  }

  markDirty(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.host.markDirty(this);
  }

  /** An event that passed the filter of that input; below 0 those of the subqueries. */
  receive(input: number, event: Subject): void {
    if (this.stopped) return;
    const beganMs = this.host.clock?.();
    try {
      if (input >= 0) this.counters.eventsIn++;
      if (this.rowOfEvent !== undefined) this.giveRow(event, this.rowOfEvent);
      else if (this.partitions !== undefined) this.partitions.receive(input, event);
      else if (this.patterns?.reads(input)) this.patterns.collect(input, event);
      else if (this.trigger !== undefined) this.trigger.run(event, input);
      else this.select!.receive(input, event);
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
  }

  private giveRow(event: Subject, makeRow: RowMaker): void {
    const isHeard = this.listeners.length > 0;
    const row = isHeard || !this.isSafe ? makeRow(event, null, this.host) : undefined;
    this.counters.rowsOut++;
    if (isHeard) this.report([row!], noRows);
  }

  /** A change of a named window that it reads. */
  consume(consumer: ConsumerWindow, entering: readonly Subject[], leaving: readonly Subject[]): void {
    if (this.stopped) return;
    const beganMs = this.host.clock?.();
    try {
      this.counters.eventsIn += consumer.take(entering, leaving);
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
  }

  /** Takes up what the named windows that it reads hold already. */
  load(): void {
    try {
      this.select?.load();
      this.trigger?.load?.();
    } catch (error) {
      this.failed(error);
    }
  }

  runTimer(owner: TimerOwner): void {
    if (this.stopped) return;
    const beganMs = this.host.clock?.();
    try {
      owner.onTimer();
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
  }

  /** Does what waited until the current event or the timers were done. */
  flush(): void {
    if (this.stopped) {
      this.dirty = false;
      return;
    }
    const beganMs = this.host.clock?.();
    try {
      this.partitions?.flush();
      this.patterns?.flush();
      this.trigger?.flush?.();
    } catch (error) {
      this.failed(error);
    }
    this.dirty = false;
    try {
      this.select?.flush();
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
  }

  /** Hands rows to the listeners. */
  report(newRows: readonly Row[], oldRows: readonly Row[]): void {
    const { listeners, gathered } = this;
    if (gathered !== undefined) {
      for (const row of newRows) gathered.newRows.push(row);
      for (const row of oldRows) gathered.oldRows.push(row);
      return;
    }
    if (listeners.length === 0) return;
    const delivery = { statement: this, timeMs: this.host.nowMs, newRows, oldRows };
    for (const listener of listeners) {
      try {
        listener(delivery);
      } catch (error) {
        this.failed(error);
      }
    }
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.partitions?.stop();
    this.patterns?.stop();
    this.select?.stop();
    this.trigger?.stop?.();
    this.budget.held = 0;
    this.listeners = [];
  }

  failed(error: unknown): void {
    this.counters.errors++;
    if (this.select !== undefined) this.select.isNew = true;
    const wrapped =
      error instanceof EplError
        ? error
        : new EplError('EPL_EVALUATION', `the statement '${this.name}' failed: ${messageOf(error)}`, {
            cause: error,
          });
    this.host.failed(this, wrapped);
  }

  addListener(listener: Listener): () => void {
    this.listeners = [...this.listeners, listener];
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  rows(partitions?: PartitionSelector): Iterable<Row> {
    if (this.stopped) return [];
    if (partitions !== undefined && this.partitions === undefined)
      throw new EplError(
        'EPL_USAGE',
        `the statement '${this.name}' runs in no context: it has no partitions`,
      );
    return this.partitions?.rows(partitions) ?? this.trigger?.rows() ?? this.select?.rows() ?? [];
  }

  saveOrLoad(state: StateStream): void {
    // What is counted while parts are made anew is replaced at the end.
    if (state.loading) this.budget.held = this.partials.held = 0;
    this.select?.saveOrLoad(state);
    this.trigger?.saveOrLoad(state);
    this.patterns?.saveOrLoad(state);
    this.partitions?.saveOrLoad(state);
    this.budget.saveOrLoad(state);
    this.partials.saveOrLoad(state);
  }
}

const noRows: readonly Row[] = [];

/** Above those of all other statements. */
const contextRank = 2 ** 40;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
