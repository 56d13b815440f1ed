import type { Annotation } from '../annotation.ts';
import type { Condition, Subject } from '../compile/evaluator.ts';
import type { Program } from '../compile/program.ts';
import type { WindowProgram } from '../compile/window-program.ts';
import type { CompiledStatement } from '../compile-module.ts';
import { EplError } from '../errors.ts';
import type { ResultPlan } from '../plan/plan.ts';
import { isBatching } from '../plan/window-plan.ts';
import { LocalAggregate } from './aggregates/local-aggregate.ts';
import type { EventType } from './event-type.ts';
import { StatementHistory } from './history.ts';
import { Join } from './join/join.ts';
import { LimitedBuilder } from './output/limited-builder.ts';
import { CountingBatch } from './results/counting-batch.ts';
import { createBuilder } from './results/create-builder.ts';
import type { ResultBuilder, RowSink } from './results/result-builder.ts';
import { type RowBuffer, rowBuffer } from './results/row-buffer.ts';
import { arrangeRows } from './row-order.ts';
import type { Overflow } from './runtime.ts';
import { StateBudget } from './state-budget.ts';
import type { Listener, Row, Statement, StatementCounters } from './statement.ts';
import { SubqueryState } from './subquery/subquery-state.ts';
import type { Timer, TimerKeeper, TimerOwner } from './timers.ts';
import { createWindow } from './windows/create-window.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './windows/data-window.ts';

/** Answers that have current rows although no window keeps events. */
const iterated: ReadonlySet<ResultPlan['kind']> = new Set(['one-row', 'per-group', 'rollup']);

/** What an instance needs from the runtime. */
export interface InstanceHost {
  readonly nowMs: number;
  readonly maxRetained: number;
  readonly variables: ReadonlyMap<string, unknown>;
  /** For {@link StatementCounters.timeSpentMs}; undefined where it is not measured. */
  readonly clock: (() => number) | undefined;
  overflowOf(instance: StatementInstance): Overflow;
  schedule(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer;
  /** Queues a row for a stream. */
  insert(type: string, row: Row): void;
  /** The instance has joined deltas to flush when the current event or timers are done. */
  markDirty(instance: StatementInstance): void;
  failed(instance: StatementInstance, error: EplError): void;
}

/** What a statement that is no select does with an event that passed its filter. */
export interface EventTrigger {
  run(event: Subject): void;
  /** For iteration. */
  rows(): Iterable<Row>;
}
type Counters = { -readonly [name in keyof StatementCounters]: number };

/** One running statement: all of its state. Events come in, rows go out to listeners and into streams. */
export class StatementInstance implements Statement, WindowHost, TimerKeeper {
  readonly name: string;
  readonly annotations: readonly Annotation[];
  readonly insertInto: string | undefined;
  readonly eventType: EventType;
  readonly counters: Counters;
  isNew = true;
  /** What the statement does with an event, where it is no select. Set once, before any event. */
  trigger: EventTrigger | undefined;
  readonly history: StatementHistory | undefined;
  readonly locals: readonly LocalAggregate[];

  private readonly program: Program | undefined;
  private readonly host: InstanceHost;
  readonly subqueries: readonly SubqueryState[];

  private readonly where: Condition | undefined;
  /** Undefined where no input has one. */
  private readonly lateFilters: readonly (Condition | undefined)[] | undefined;
  private windows: readonly (DataWindow | undefined)[];
  private join: Join | undefined;
  private builder: ResultBuilder | undefined;
  private listeners: readonly Listener[] = [];
  private readonly budget: StateBudget;
  stopped = false;
  /** What left the windows of a join that looks back, until its rows are made. */
  private readonly departed: { readonly stream: number; readonly events: readonly Subject[] }[] = [];
  private dirty = false;
  /** Of a statement with `@IterableUnbound` the event that came last. */
  private latest: readonly Subject[] = nothing;
  /** Several windows of one stream may post in one move of the clock: that is one delivery. */
  private readonly gathers: boolean;
  private gathered: { readonly newRows: readonly Row[]; readonly oldRows: readonly Row[] } | undefined;

  constructor(compiled: CompiledStatement, program: Program | undefined, host: InstanceHost) {
    this.name = compiled.name;
    this.annotations = compiled.annotations;
    this.insertInto = compiled.insertInto;
    this.eventType = compiled.eventType;
    this.program = program;
    this.host = host;
    const counters = { eventsIn: 0, rowsOut: 0, errors: 0, dropped: 0, timeSpentMs: 0 };
    this.counters = Object.defineProperty(counters, 'retained', {
      enumerable: true,
      get: () => this.budget.held,
    }) as Counters;
    this.budget = new StateBudget(host.maxRetained, host.overflowOf(this), this);
    this.where = program?.where;
    this.windows = [];
    // Places of aggregates without groups of their own stay empty: nothing asks for them.
    this.locals = (program?.locals ?? []).map(
      (local) => local && new LocalAggregate(local),
    ) as LocalAggregate[];
    this.subqueries = program?.subqueries.map((subquery) => new SubqueryState(subquery, this)) ?? [];
    const filters = program?.inputs.map(({ lateFilter }) => lateFilter) ?? [];
    this.lateFilters = filters.some((filter) => filter !== undefined) ? filters : undefined;
    this.gathers = program?.plan.inputs.some(({ window }) => window?.kind === 'groupwin') ?? false;
    if (program === undefined) return;
    const { plan } = program;
    const looksBack = plan.inputs.some(({ history }) => history !== undefined);
    this.history = looksBack ? new StatementHistory(program.inputs, this) : undefined;
    const insertSelector = plan.insertInto?.selector;
    const wanted = {
      newRows: plan.selector !== 'rstream' || (insertSelector !== undefined && insertSelector !== 'rstream'),
      oldRows: plan.selector !== 'istream' || (insertSelector !== undefined && insertSelector !== 'istream'),
    };
    const give = (newRows: RowBuffer, oldRows: RowBuffer, forced: boolean) =>
      this.give(newRows, oldRows, forced);
    const builder = (sink: RowSink) => createBuilder(program, this, wanted, sink);
    const limited = plan.output && new LimitedBuilder(program, this, builder, () => this.currentRows(), give);
    if (plan.join !== undefined) {
      // Aggregates must see what leaves, even where nobody takes old rows.
      const wantLeaving = wanted.oldRows || plan.result.kind !== 'per-event';
      this.builder = limited ?? builder(give);
      // Aggregates of a unidirectional join cover the rows of one event.
      const forgets = plan.join.driver !== undefined && plan.aggregates.length > 0;
      const join = new Join(program, this, wantLeaving, (entering, leaving) => {
        const { held } = this.budget;
        this.build(entering, leaving, false);
        if (!forgets) return;
        if (limited === undefined) this.builder = builder(give);
        else limited.renew();
        this.budget.held = held;
      });
      this.join = join;
      this.windows = program.inputs.map((input, stream) => {
        const sink: DeltaSink = (entering, leaving) => {
          if (this.history !== undefined) {
            this.history.change(stream, entering, leaving);
            this.departed.push({ stream, events: leaving });
          }
          join.change(stream, entering, leaving);
          this.markDirty();
        };
        return this.windowOf(input.window, sink, undefined);
      });
      return;
    }
    const counting =
      plan.retention === 'counters' ? new CountingBatch(program, this, wanted, give) : undefined;
    this.builder = limited ?? counting ?? builder(give);
    const [{ window }] = program.inputs;
    const { history } = this;
    const plain: DeltaSink = (entering, leaving, forced) => this.process(entering, leaving, forced === true);
    const sink: DeltaSink =
      history === undefined
        ? plain
        : (entering, leaving, forced) => {
            history.change(0, entering, leaving);
            plain(entering, leaving, forced);
            history.forget(0, leaving);
          };
    this.windows = [this.windowOf(window, sink, counting)];
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.host.variables;
  }

  get nowMs(): number {
    return this.host.nowMs;
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.schedule(dueMs, owner, this);
  }

  retain(count: number): void {
    this.budget.take(count);
  }

  /** An event that passed the filter of that input; below 0 those of the subqueries. */
  receive(input: number, event: Subject): void {
    if (this.stopped) return;
    const beganMs = this.host.clock?.();
    try {
      if (input < 0) {
        this.subqueries[this.subqueries.length + input].insert(event);
        return;
      }
      this.counters.eventsIn++;
      if (this.trigger !== undefined) {
        this.trigger.run(event);
        return;
      }
      const filter = this.lateFilters?.[input];
      if (filter !== undefined && filter(event, null, this) !== true) return;
      const window = this.windows[input];
      this.history?.arrive(input, event);
      if (window !== undefined) window.insert(event);
      else if (this.join === undefined) this.pass(event);
      else {
        this.join.change(input, [event], nothing);
        this.markDirty();
      }
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
  }

  /** An event of a stream without a window: it is in hand for this once. */
  private pass(event: Subject): void {
    if (this.program!.plan.iterableUnbound === true) this.latest = [event];
    if (this.where === undefined) this.build([event], nothing, false);
    else this.process([event], nothing, false);
    this.history?.forget(0, [event]);
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

  /** Rows that come from outside of the statement's own windows: of an update, the event after and before it. */
  report(newRows: readonly Row[], oldRows: readonly Row[]): void {
    this.deliver(newRows, oldRows);
  }

  /** Joins what the windows have reported, and delivers what was gathered. */
  flush(): void {
    this.dirty = false;
    if (this.stopped) return;
    const beganMs = this.host.clock?.();
    try {
      this.join?.flush();
    } catch (error) {
      this.failed(error);
    } finally {
      if (beganMs !== undefined) this.counters.timeSpentMs += this.host.clock!() - beganMs;
    }
    for (const { stream, events } of this.departed) this.history!.forget(stream, events);
    this.departed.length = 0;
    const { gathered } = this;
    this.gathered = undefined;
    if (gathered !== undefined) this.deliver(gathered.newRows, gathered.oldRows);
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    for (const window of this.windows) window?.stop();
    for (const subquery of this.subqueries) subquery.stop();
    this.windows = [];
    this.join = undefined;
    this.builder = undefined;
    this.budget.held = 0;
    this.listeners = [];
  }

  failed(error: unknown): void {
    this.counters.errors++;
    this.isNew = true;
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

  rows(): Iterable<Row> {
    if (this.trigger !== undefined) return this.stopped ? [] : this.trigger.rows();
    if (this.program === undefined || this.stopped) return nothing;
    const { orderBy, distinct, limit } = this.program.plan;
    return arrangeRows(this.currentRows(), orderBy, distinct, limit, this.variables);
  }

  /** The rows of what the windows or the join hold now, not yet arranged. */
  private currentRows(): RowBuffer {
    const { plan, where } = this.program!;
    const [window] = this.windows;
    let contents: Iterable<Subject> = nothing;
    if (this.join !== undefined) contents = this.join.contents();
    else if (window !== undefined) {
      const held = window.contents();
      contents = where === undefined ? held : [...held].filter((event) => this.passes(where, event));
    } else if (plan.iterableUnbound === true) contents = this.latest;
    else if (!iterated.has(plan.result.kind)) return rowBuffer();
    return this.builder!.current(contents);
  }

  private markDirty(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.host.markDirty(this);
  }

  /** Every statement's rows are made here: nothing may leave the windows while it runs. */
  private build(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { budget } = this;
    budget.busy = true;
    try {
      this.builder!.process(entering, leaving, forced);
    } finally {
      budget.busy = false;
    }
  }

  private windowOf(
    program: WindowProgram | undefined,
    sink: DeltaSink,
    counters: CountingBatch | undefined,
  ): DataWindow | undefined {
    if (program === undefined) return undefined;
    const window = createWindow(program, sink, this, counters);
    if (counters === undefined)
      this.budget.mayDrop({ window, sink: isBatching(program.plan) ? undefined : sink });
    return window;
  }

  /** The delta of the only window, after where. */
  private process(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    const { where } = this;
    if (where === undefined) {
      this.build(entering, leaving, forced);
      return;
    }
    const passes = (event: Subject) => this.passes(where, event);
    const entered = entering.filter(passes);
    const left = leaving.filter(passes);
    if (entered.length > 0 || left.length > 0 || forced) this.build(entered, left, forced);
  }

  /** An exception keeps the event out, when it enters and when it leaves alike. */
  private passes(where: Condition, event: Subject): boolean {
    try {
      return where(event, null, this) === true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Arranges the rows and hands them to streams and listeners. */
  private give(newBuffer: RowBuffer, oldBuffer: RowBuffer, forced: boolean): void {
    if (newBuffer.rows.length === 0 && oldBuffer.rows.length === 0 && !forced) return;
    const { plan } = this.program!;
    const { orderBy, distinct, limit, selector, insertInto } = plan;
    const newRows = arrangeRows(newBuffer, orderBy, distinct, limit, this.variables);
    const oldRows = arrangeRows(oldBuffer, orderBy, distinct, limit, this.variables);
    if (insertInto !== undefined) {
      const target = insertInto.type.name;
      if (insertInto.selector !== 'rstream') for (const row of newRows) this.host.insert(target, row);
      if (insertInto.selector !== 'istream') for (const row of oldRows) this.host.insert(target, row);
    }
    // The remove stream alone is delivered as new rows.
    const given = selector === 'rstream' ? oldRows : newRows;
    const withdrawn = selector === 'irstream' ? oldRows : nothing;
    if (given.length === 0 && withdrawn.length === 0 && !forced) return;
    this.counters.rowsOut += given.length + withdrawn.length;
    if (!this.gathers) {
      this.deliver(given, withdrawn);
      return;
    }
    const { gathered } = this;
    this.gathered =
      gathered === undefined
        ? { newRows: given, oldRows: withdrawn }
        : { newRows: [...gathered.newRows, ...given], oldRows: [...gathered.oldRows, ...withdrawn] };
    this.markDirty();
  }

  private deliver(newRows: readonly Row[], oldRows: readonly Row[]): void {
    const { listeners } = this;
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
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
