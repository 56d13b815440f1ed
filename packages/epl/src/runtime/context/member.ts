import type { Environment, Subject } from '../../compile/evaluator.ts';
import type { ConsumerWindow } from '../named-window/consumer-window.ts';
import type { PatternOwner } from '../pattern/statement-patterns.ts';
import type { SelectHost } from '../select-instance.ts';
import type { Stateful, StateStream } from '../snapshot/state-stream.ts';
import type { Budget, Expendable, StateBudget } from '../state-budget.ts';
import type { Row } from '../statement.ts';
import type { StatementInstance } from '../statement-instance.ts';
import type { Draft, Stores } from '../store/row-store.ts';
import type { LaneEntry, TimerLane } from '../timer-lane.ts';
import type { Timer, TimerKeeper, TimerOwner } from '../timers.ts';
import type { Variables } from '../variable-store.ts';
import type { Partition } from './partition.ts';
import type { PartitionedStatement } from './partitioned-statement.ts';

/** What a statement does in one partition: a select with its windows and groups, or a trigger. */
export interface MemberBody extends Stateful {
  receive(input: number, event: Subject): void;
  /** Takes up what the named windows that it reads hold already. */
  load?(): void;
  /** Does what waited until the current event or the timers were done. */
  flush(): void;
  rows(): Iterable<Row>;
  /** The partition ends: gives what is given then. */
  terminate(): void;
  stop(): void;
}

/** One statement in one partition, as the statement's state knows it. */
export class Member implements SelectHost, PatternOwner, TimerKeeper, Budget, Environment {
  // What each event needs stands first: there may be a great many partitions.
  readonly partition: Partition;
  private readonly owner: PartitionedStatement;
  private readonly body: MemberBody;
  private stopped = false;
  private own = 0;
  private dirty = false;
  nextDirty: Member | undefined = undefined;
  /** Undefined while there are none. */
  private expendables: Set<Expendable> | undefined = undefined;
  /** What comes in only when the current event is done. */
  private postponed: { readonly input: number; readonly event: Subject }[] | undefined = undefined;

  constructor(partition: Partition, owner: PartitionedStatement) {
    this.partition = partition;
    this.owner = owner;
    this.body = owner.createBody(this);
  }

  get isNew(): boolean {
    return true;
  }

  get subqueries(): readonly [] {
    return noSubqueries;
  }

  get budget(): Budget {
    return this;
  }

  get statement(): StatementInstance {
    return this.owner.statement;
  }

  get nowMs(): number {
    return this.statement.nowMs;
  }

  get variables(): ReadonlyMap<string, unknown> {
    return this.partition.variables?.values ?? this.statement.variables;
  }

  get variableStore(): Variables {
    return this.partition.variables ?? this.statement.variableStore;
  }

  get stores(): Stores {
    return this.partition.stores ?? this.statement.stores;
  }

  get counters(): { rowsOut: number } {
    return this.statement.counters;
  }

  get held(): number {
    return this.own;
  }

  set held(held: number) {
    this.statement.budget.held += held - this.own;
    this.own = held;
  }

  get drops(): boolean {
    return this.statement.budget.drops;
  }

  get busy(): boolean {
    return this.statement.budget.busy;
  }

  set busy(busy: boolean) {
    this.statement.budget.busy = busy;
  }

  receive(input: number, event: Subject): void {
    if (this.stopped || this.partition.unseen === event) return;
    try {
      this.body.receive(input, event);
    } catch (error) {
      this.failed(error);
    }
  }

  /** As {@link receive}, behind all that the event brings. */
  postpone(input: number, event: Subject): void {
    this.postponed ??= [];
    this.postponed.push({ input, event });
    this.markDirty();
  }

  /** The partition is open to it. */
  load(): void {
    try {
      this.body.load?.();
    } catch (error) {
      this.failed(error);
    }
  }

  rows(): Iterable<Row> {
    return this.body.rows();
  }

  get partials(): StateBudget {
    return this.statement.partials;
  }

  createLane(): TimerLane {
    return this.statement.laneFor(this);
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.statement.scheduleIn(lane, dueMs, entry);
  }

  cancel(timer: Timer): void {
    this.statement.cancel(timer);
  }

  get timerRank(): number {
    return this.statement.timerRank;
  }

  schedule(dueMs: number, owner: TimerOwner): Timer {
    return this.statement.scheduleFor(dueMs, owner, this);
  }

  consume(consumer: ConsumerWindow, entering: readonly Subject[], leaving: readonly Subject[]): void {
    if (!this.stopped) this.statement.consume(consumer, entering, leaving);
  }

  runTimer(owner: TimerOwner): void {
    if (!this.stopped) this.statement.runTimer(owner);
  }

  insert(type: string, row: Row): void {
    const table = this.stores.table(type);
    if (table === undefined) this.statement.insert(type, row);
    else table.commit([{ row: undefined, draft: row as Draft }]);
  }

  report(newRows: readonly Row[], oldRows: readonly Row[]): void {
    this.owner.gather(newRows, oldRows);
  }

  markDirty(): void {
    if (this.dirty) return;
    this.dirty = true;
    this.owner.markDirty(this);
  }

  flush(): void {
    this.dirty = false;
    const { postponed } = this;
    if (postponed !== undefined) {
      this.postponed = undefined;
      for (const { input, event } of postponed) this.receive(input, event);
    }
    if (!this.stopped) this.body.flush();
  }

  failed(error: unknown): void {
    this.statement.failed(error);
  }

  /** Counts on the statement's account. */
  take(count: number): void {
    this.statement.budget.take(count);
    this.own += count;
  }

  mayDrop(expendable: Expendable): void {
    if (!this.drops) return;
    this.expendables ??= new Set();
    this.expendables.add(expendable);
    this.statement.budget.mayDrop(expendable);
  }

  forget(expendable: Expendable): void {
    if (this.expendables?.delete(expendable)) this.statement.budget.forget(expendable);
  }

  /** The partition ends. `output`: with the rows that the statement gives then. */
  end(output: boolean): void {
    if (this.stopped) return;
    try {
      if (this.dirty) this.flush();
      if (output) this.body.terminate();
    } catch (error) {
      this.failed(error);
    }
    this.stopped = true;
    this.body.stop();
    for (const expendable of this.expendables ?? []) this.forget(expendable);
    this.held = 0;
  }

  saveOrLoad(state: StateStream): void {
    this.body.saveOrLoad(state);
    this.own = state.number(this.own);
  }
}

const noSubqueries = [] as const;
