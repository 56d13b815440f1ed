import type { Condition, Environment, PartitionValues, Subject } from '../compile/evaluator.ts';
import type { InputProgram, Program } from '../compile/program.ts';
import type { RecognizeProgram } from '../compile/recognize-program.ts';
import type { ResultPlan } from '../plan/plan.ts';
import { isBatching, readsStore } from '../plan/window-plan.ts';
import { LocalAggregate } from './aggregates/local-aggregate.ts';
import { GroupCountBatch } from './counts/group-count-batch.ts';
import { busyWhile } from './counts/sliding-content.ts';
import { SlidingCount } from './counts/sliding-count.ts';
import { SlidingGroupCounts } from './counts/sliding-group-counts.ts';
import { StatementHistory } from './history.ts';
import { Join } from './join/join.ts';
import { Recognizer } from './match-recognize/recognizer.ts';
import type { ConsumerOwner, ConsumerWindow } from './named-window/consumer-window.ts';
import { LimitedBuilder } from './output/limited-builder.ts';
import { CountingBatch } from './results/counting-batch.ts';
import { createBuilder } from './results/create-builder.ts';
import { evaluateOnce } from './results/evaluate-once.ts';
import type { PlainRowSink, ResultBuilder, RowSink } from './results/result-builder.ts';
import { type RowBuffer, rowBuffer } from './results/row-buffer.ts';
import { RowGathering } from './row-gathering.ts';
import type { RowReceiver } from './row-outlet.ts';
import type { StateStream } from './snapshot/state-stream.ts';
import { type Budget, expendableWindow } from './state-budget.ts';
import type { Row } from './statement.ts';
import type { Stores } from './store/row-store.ts';
import { SubqueryState } from './subquery/subquery-state.ts';
import type { Table } from './table/table.ts';
import { intoTable } from './table/table-group.ts';
import type { Timer, TimerOwner } from './timers.ts';
import type { Variables } from './variable-store.ts';
import type { BatchContent } from './windows/batch-content.ts';
import { createCountedWindow } from './windows/create-counted-window.ts';
import { createWindow } from './windows/create-window.ts';
import { type DataWindow, type DeltaSink, nothing, type WindowHost } from './windows/data-window.ts';
import { DeltaGathering } from './windows/delta-gathering.ts';

/** Answers whose snapshots have rows although no window keeps events. */
const standing: ReadonlySet<ResultPlan['kind']> = new Set(['one-row', 'per-group', 'rollup']);

/** Most selects have none of these; there may be a great many instances. */
const noLocals: readonly LocalAggregate[] = [];
const noSubqueries: readonly SubqueryState[] = [];
const noConsumers: readonly ConsumerWindow[] = [];
const noWindows: readonly (DataWindow | undefined)[] = [];

/** What left the window of a stream. */
interface Departure {
  readonly stream: number;
  readonly events: readonly Subject[];
}

/** What a select needs from the statement that it runs for. */
export interface SelectHost extends ConsumerOwner, RowReceiver {
  readonly nowMs: number;
  /** The variables, to set and to watch. */
  readonly variableStore: Variables;
  readonly budget: Budget;
  /** The partition of a statement in a context. */
  readonly partition?: PartitionValues;
  /** The named windows and tables of the runtime. */
  readonly stores: Stores;
  schedule(dueMs: number, owner: TimerOwner): Timer;
  /** Does work that reports several times: that is one delivery. Undefined where all is one delivery in any case. */
  together?(work: () => void): void;
  /** There is something to {@link SelectInstance.flush} when the current event or timers are done. */
  markDirty(): void;
  /** Counts and reports an exception over one event; the others go on. */
  failed(error: unknown): void;
}

/** All state of one running select: from its windows over joins and groups to the rows that it gives. */
export class SelectInstance implements Environment, WindowHost, PlainRowSink {
  isNew = true;
  private readonly host: SelectHost;
  private readonly program: Program;
  /** An event goes to the only window, or on to rows, without anything before. */
  private readonly direct: boolean;
  /** Of the only stream. */
  private window: DataWindow | undefined;
  private readonly where: Condition | undefined;
  /** Some window may have to give events up: not while rows are made. */
  private readonly drops: boolean;
  private builder: ResultBuilder | undefined;
  /** The builder stands in the window, which saves it. */
  private counting = false;
  /** While a statement that starts late takes up what is there, it is not heard. */
  private muted = false;
  /** What the rows are handed to, where it is not the host itself. */
  private gathering: RowGathering | undefined;
  /** Of all streams of a join. */
  private windows: readonly (DataWindow | undefined)[];
  readonly history: StatementHistory | undefined;
  readonly locals: readonly LocalAggregate[];
  readonly subqueries: readonly SubqueryState[];
  /** Of the inputs whose windows take the events inside of events. */
  private gatherings: readonly (DeltaGathering | undefined)[] | undefined;
  private join: Join | undefined;
  /** The builder, where there is an output clause. */
  private limits: LimitedBuilder | undefined;
  /** What left the windows of a join that looks back, until its rows are made. */
  private departed: Departure[] | undefined = undefined;
  /** Makes rows of measures out of those of the only stream. */
  private recognizer: Recognizer | undefined;
  private consumers = noConsumers;
  /** Of a statement with `@IterableUnbound` the event that came last. */
  private latest = nothing;

  constructor(program: Program, host: SelectHost) {
    const { plan, inputs } = program;
    this.host = host;
    this.program =
      plan.intoTable === undefined
        ? program
        : intoTable(program, host.stores.get(plan.intoTable.table) as Table);
    this.direct = isDirect(program);
    this.window = undefined;
    this.where = program.where;
    this.drops = host.budget.drops;
    this.builder = undefined;
    const gathers = plan.inputs.some(
      ({ window, pattern }) => window?.kind === 'groupwin' || pattern !== undefined,
    );
    this.gathering = gathers ? new RowGathering(host) : undefined;
    this.windows = noWindows;
    // Places of aggregates without groups of their own stay empty: nothing asks for them.
    this.locals =
      program.locals.length === 0
        ? noLocals
        : (program.locals.map((local) => local && new LocalAggregate(local)) as LocalAggregate[]);
    this.subqueries =
      program.subqueries.length === 0
        ? noSubqueries
        : program.subqueries.map((subquery) => new SubqueryState(subquery, this));
    const looksBack = plan.inputs.some(({ history }) => history !== undefined);
    this.history = looksBack
      ? new StatementHistory(inputs, this, (stream) => this.windowAt(stream)?.contents() ?? nothing)
      : undefined;
    if (plan.join === undefined) this.setUpStream();
    else this.setUpJoin();
  }

  get owner(): ConsumerOwner {
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

  get partition(): PartitionValues | undefined {
    return this.host.partition;
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.host.schedule(dueMs, owner);
  }

  retain(count: number): void {
    this.host.budget.take(count);
  }

  consumes(consumer: ConsumerWindow): void {
    this.consumers = [...this.consumers, consumer];
  }

  failed(error: unknown): void {
    this.host.failed(error);
  }

  /** Takes up what the named windows that it reads hold already: a join without a word, anything else tells it. */
  load(): void {
    if (this.consumers.length === 0) return;
    this.muted = this.join !== undefined;
    for (const consumer of this.consumers) consumer.load();
    this.flush();
    this.muted = false;
  }

  /** An event that passed the filter of that input; below 0 those of the subqueries. */
  receive(input: number, event: Subject): void {
    if (this.direct) {
      if (this.window !== undefined) this.window.insert(event);
      else this.pass([event]);
    } else if (input < 0) this.subqueries[this.subqueries.length + input].insert(event);
    else this.receiveAt(input, event);
  }

  private receiveAt(input: number, event: Subject): void {
    const { lateFilter: filter, contained: expand } = this.program.inputs[input];
    if (filter !== undefined && filter(event, null, this) !== true) return;
    if (expand !== undefined) {
      const inside = expand(event, this);
      if (inside !== undefined) this.receiveTogether(input, inside);
      return;
    }
    const window = this.windowAt(input);
    if (this.recognizer === undefined) this.history?.arrive(input, event);
    if (window !== undefined) window.insert(event);
    else if (this.recognizer !== undefined) this.recognizer.change([event], nothing);
    else if (this.join === undefined) this.pass([event]);
    else {
      this.join.change(input, [event], nothing);
      this.host.markDirty();
    }
  }

  /** Events that came together, such as those inside of one event: what they change is one change. */
  receiveTogether(input: number, events: readonly Subject[]): void {
    const window = this.windowAt(input);
    if (this.recognizer === undefined) for (const event of events) this.history?.arrive(input, event);
    if (window !== undefined) {
      const batching = isBatching(this.program.plan.inputs[input].window!);
      this.gatherings![input]!.insert(events, window, !batching);
    } else if (this.recognizer !== undefined) this.recognizer.change(events, nothing);
    else if (this.join === undefined) this.pass(events);
    else {
      this.join.change(input, events, nothing);
      this.host.markDirty();
    }
  }

  /** Matches of a pattern that came together: each is a change of its own, all that they give is one delivery. */
  receiveMatches(input: number, matches: readonly Subject[]): void {
    if (this.join !== undefined) this.receiveTogether(input, matches);
    else for (const match of matches) this.receiveTogether(input, [match]);
  }

  /** Joins what the windows have reported, and delivers what was gathered. */
  flush(): void {
    try {
      this.recognizer?.flush();
      this.join?.flush();
    } catch (error) {
      this.failed(error);
    }
    if (this.departed !== undefined) {
      for (const { stream, events } of this.departed) this.history!.forget(stream, events);
      this.departed = undefined;
    }
    this.gathering?.flush();
  }

  rows(): Iterable<Row> {
    return this.program.outlet.arrange(this.currentRows(), this.host);
  }

  /** Its partition ends: gives what the output clause keeps for that. */
  terminate(): void {
    this.limits?.terminate();
  }

  stop(): void {
    this.limits?.stop();
    this.window?.stop();
    for (const window of this.windows) window?.stop();
    for (const subquery of this.subqueries) subquery.stop();
    this.join?.stop();
    this.recognizer?.stop();
    this.window = undefined;
    this.windows = noWindows;
    this.join = undefined;
    this.builder = undefined;
  }

  private windowAt(stream: number): DataWindow | undefined {
    return this.windows === noWindows ? this.window : this.windows[stream];
  }

  /** Windows, then where, then rows. */
  private setUpStream(): void {
    const { program, history } = this;
    const { retention } = program.plan;
    if (retention !== 'events') {
      this.setUpCounting(program);
      return;
    }
    this.builder = this.limited() ?? this.createBuilder(this);
    const plain: DeltaSink = (entering, leaving, forced) => this.process(entering, leaving, forced === true);
    const sink: DeltaSink =
      history === undefined
        ? plain
        : (entering, leaving, forced) => {
            this.arrive(0, entering);
            history.change(0, entering, leaving);
            plain(entering, leaving, forced);
            history.forget(0, leaving);
          };
    const { recognize } = program.inputs[0];
    if (recognize === undefined) this.window = this.windowOf(program.inputs[0], sink);
    else this.setUpRecognizer(recognize);
  }

  /** The window keeps no events: what counts them stands in it, and makes the rows. */
  private setUpCounting(program: Program): void {
    const { budget } = this.host;
    const [input] = program.inputs;
    this.counting = true;
    if (isBatching(input.window!.plan)) {
      const Batch = program.counts === undefined ? CountingBatch : GroupCountBatch;
      const batch = new Batch(program, this, program.wanted, this);
      this.builder = batch;
      this.window = this.windowOf(input, untold, batch);
      return;
    }
    const Counts = program.keys.length === 0 ? SlidingCount : SlidingGroupCounts;
    const counts = new Counts(program, this, program.wanted, this);
    this.builder = counts;
    const content = this.drops ? busyWhile(budget, counts) : counts;
    const window = createCountedWindow(input.window!.plan, content, this);
    budget.mayDrop(window);
    this.window = window;
  }

  /** The rows of the window become those of the measures, which pass as events of a stream without a window. */
  private setUpRecognizer(recognize: RecognizeProgram): void {
    const [input] = this.program.inputs;
    const contents = input.window && (() => this.window?.contents() ?? nothing);
    const take = (rows: readonly Subject[]): void => {
      for (const row of rows) this.history?.arrive(0, row);
      this.pass(rows);
    };
    const recognizer = new Recognizer(recognize, this, take, contents);
    this.recognizer = recognizer;
    this.host.budget.mayDrop(recognizer);
    const sink: DeltaSink = (entering, leaving) => recognizer.change(entering, leaving);
    this.window = this.windowOf(input, sink);
  }

  markDirty(): void {
    this.host.markDirty();
  }

  /** Windows, then the join of all that they tell at one event or tick, then rows. */
  private setUpJoin(): void {
    const { program, history } = this;
    const { plan } = program;
    const limited = this.limited();
    this.builder = limited ?? this.createBuilder(this);
    // Aggregates must see what leaves, and an output clause counts it, even where nobody takes old rows.
    const counted = plan.output?.trigger?.kind === 'events' || plan.output?.trigger?.kind === 'when';
    const wantLeaving = program.wanted.oldRows || plan.result.kind !== 'per-event' || counted;
    // Aggregates of a unidirectional join cover the rows of one event.
    const forgets = plan.join!.driver !== undefined && plan.aggregates.length > 0;
    const join = new Join(program, this, wantLeaving, (entering, leaving) => {
      const { budget } = this.host;
      const { held } = budget;
      this.build(entering, leaving, false);
      if (!forgets) return;
      if (limited === undefined) this.builder = this.createBuilder(this);
      else limited.renew();
      budget.held = held;
    });
    this.join = join;
    this.windows = program.inputs.map((input, stream) => {
      const sink: DeltaSink = (entering, leaving) => {
        if (history !== undefined) {
          this.arrive(stream, entering);
          history.change(stream, entering, leaving);
          this.departed ??= [];
          this.departed.push({ stream, events: leaving });
        }
        join.change(stream, entering, leaving);
        this.host.markDirty();
      };
      return this.windowOf(input, sink);
    });
  }

  /** Rows of a named window come by no other way. */
  private arrive(stream: number, rows: readonly Subject[]): void {
    if (!readsStore(this.program.plan.inputs[stream].window)) return;
    for (const row of rows) this.history!.arrive(stream, row);
  }

  /** The rows of one change, from the builder. */
  give(newRows: RowBuffer, oldRows: RowBuffer, forced: boolean): void {
    if (!this.muted) this.program.outlet.give(newRows, oldRows, forced, this.gathering ?? this.host);
  }

  /** As {@link give}, of rows that nobody puts in order. */
  giveRows(newRows: readonly Row[], oldRows: readonly Row[]): void {
    if (!this.muted) this.program.outlet.giveRows(newRows, oldRows, false, this.gathering ?? this.host);
  }

  private createBuilder(sink: RowSink): ResultBuilder {
    return createBuilder(this.program, this, this.program.wanted, sink);
  }

  /** Undefined without an output clause. */
  private limited(): LimitedBuilder | undefined {
    const { program } = this;
    if (program.plan.output === undefined) return undefined;
    const create = (sink: RowSink) => this.createBuilder(sink);
    this.limits = new LimitedBuilder(program, this, create, () => this.currentRows(), this);
    return this.limits;
  }

  private windowOf(
    { window: program, contained, plan }: InputProgram,
    told: DeltaSink,
    counters?: BatchContent,
  ): DataWindow | undefined {
    if (program === undefined) return undefined;
    let sink = told;
    if (contained !== undefined || plan.pattern !== undefined) {
      const gathering = new DeltaGathering(told);
      this.gatherings = this.program.plan.inputs.map((input, i) =>
        input === plan ? gathering : this.gatherings?.[i],
      );
      sink = gathering.take;
    }
    const window = createWindow(program, sink, this, counters);
    if (this.drops && counters === undefined && !readsStore(program.plan))
      this.host.budget.mayDrop(expendableWindow(window, isBatching(program.plan) ? undefined : sink));
    return window;
  }

  /** Events of a stream without a window: they are in hand for this once. */
  private pass(events: readonly Subject[]): void {
    if (this.program.plan.iterableUnbound === true) this.latest = events.slice(-1);
    // Without subqueries there is no window that could lose anything meanwhile.
    if (this.where !== undefined) this.process(events, nothing, events.length === 0);
    else if (this.subqueries.length > 0) this.build(events, nothing, events.length === 0);
    else this.builder!.process(events, nothing, events.length === 0);
    this.history?.forget(0, events);
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

  /** All rows are made here: nothing may leave the windows while it runs. */
  private build(entering: readonly Subject[], leaving: readonly Subject[], forced: boolean): void {
    if (!this.drops) {
      this.builder!.process(entering, leaving, forced);
      return;
    }
    const { budget } = this.host;
    budget.busy = true;
    try {
      this.builder!.process(entering, leaving, forced);
    } finally {
      budget.busy = false;
    }
  }

  /** The rows of what the windows or the join hold now, not yet arranged. */
  private currentRows(): RowBuffer {
    const { where, join } = this;
    const { plan } = this.program;
    const window = this.windowAt(0);
    let contents: Iterable<Subject> | undefined = nothing;
    // A table tells nothing, so no aggregate follows it.
    if (join === undefined && plan.inputs[0].window?.kind === 'table') {
      const rows = [...window!.contents()].filter((row) => where === undefined || this.passes(where, row));
      return evaluateOnce(this.program, this, rows);
    }
    if (join !== undefined) contents = join.contents();
    else if (this.recognizer !== undefined && window !== undefined) {
      const held = this.recognizer.current();
      contents = where === undefined ? held : held.filter((event) => this.passes(where, event));
    } else if (window !== undefined) {
      const held = window.contents();
      contents = where === undefined ? held : [...held].filter((event) => this.passes(where, event));
    } else if (plan.iterableUnbound === true || plan.output?.display === 'snapshot')
      contents = standing.has(plan.result.kind) ? undefined : this.latest;
    else if (plan.result.kind !== 'one-row') return rowBuffer();
    return this.builder!.current(contents);
  }

  saveOrLoad(state: StateStream): void {
    this.window?.saveOrLoad(state);
    for (const window of this.windows) window?.saveOrLoad(state);
    this.join?.saveOrLoad(state);
    this.recognizer?.saveOrLoad(state);
    if (!this.counting) this.builder?.saveOrLoad(state);
    for (const local of this.locals) local?.saveOrLoad(state);
    for (const subquery of this.subqueries) subquery.saveOrLoad(state);
    this.history?.saveOrLoad(state);
    this.latest = state.events(this.latest, this.latest.length);
  }
}

/** Of a window that counts: rows do not come of what it tells. */
const untold: DeltaSink = () => {};

/** Whether events reach the window, or the rows, of the only stream as they come. */
const isDirect = ({ plan, inputs, subqueries }: Program): boolean =>
  plan.join === undefined &&
  subqueries.length === 0 &&
  inputs[0].lateFilter === undefined &&
  inputs[0].contained === undefined &&
  inputs[0].recognize === undefined &&
  plan.inputs[0].history === undefined;
