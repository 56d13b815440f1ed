import type { Environment, Subject } from '../compile/evaluator.ts';
import type { CompiledModule } from '../compile-module.ts';
import { compileQuery } from '../compile-query.ts';
import { EplError } from '../errors.ts';
import { Deployments } from './deployments.ts';
import { DirtyList } from './dirty-list.ts';
import type { EventType } from './event-type.ts';
import { WindowDispatch } from './named-window/window-dispatch.ts';
import { executeQuery } from './query/execute-query.ts';
import { Prepared } from './query/prepared-query.ts';
import type {
  Deployment,
  EventSender,
  Overflow,
  PreparedQuery,
  QueryOnceOptions,
  QueryOptions,
  RestoreReport,
  Runtime,
  RuntimeConfig,
  StatementError,
} from './runtime.ts';
import { restoreSnapshot, type SnapshotHost, takeSnapshot } from './snapshot/runtime-snapshot.ts';
import type { Row } from './statement.ts';
import type { InstanceHost, StatementInstance } from './statement-instance.ts';
import { StoreRegistry } from './store/store-registry.ts';
import type { Stream } from './stream.ts';
import type { StreamUpdate } from './stream-update.ts';
import type { LaneEntry, TimerLane } from './timer-lane.ts';
import { type Timer, type TimerKeeper, type TimerOwner, Timers } from './timers.ts';
import { VariableStore, type Variables } from './variable-store.ts';
import { WorkQueue } from './work-queue.ts';

const defaults = {
  maxRetained: 20_000_000,
  maxQueuedRows: 10_000_000,
  maxPartialMatches: 10_000_000,
  maxSnapshotBytes: 2 ** 31,
};

/** A row that waits for its turn. */
interface QueuedRow {
  readonly stream: Stream;
  readonly row: Subject;
}

/**
 * The order of work: a move of the clock runs all timers that are due, an event goes to all statements in the order
 * of their deployment; the rows that these insert into streams wait in a queue and are handled one by one afterwards.
 * All that follows from one call is finished when it returns; a call from inside a listener waits its turn.
 */
export class Engine implements Runtime, InstanceHost, Environment {
  nowMs: number;
  readonly isNew = true;
  /** Shared filters ask none. */
  readonly subqueries = [];
  readonly maxRetained: number;
  readonly maxPartialMatches: number;
  private readonly maxSnapshotBytes: number;

  private readonly store = new VariableStore();
  readonly variables: ReadonlyMap<string, unknown> = this.store.values;
  readonly variableStore: Variables = this.store;

  readonly stores = new StoreRegistry();
  private readonly windows = new WindowDispatch();
  private readonly queue: WorkQueue<QueuedRow>;
  private readonly timers = new Timers();
  private readonly deployments: Deployments;
  private errorListeners: readonly ((failure: StatementError) => void)[] = [];
  private readonly dirty = new DirtyList<StatementInstance>();
  private working = false;
  /** An event, a query or a move of the clock has been taken. */
  private begun = false;
  private nextTimerRank = 0;
  /** What `update istream` has changed and not told yet. */
  private updated: StreamUpdate[] = [];
  private deferred: (() => void)[] = [];

  readonly clock: (() => number) | undefined;
  private readonly overflow: RuntimeConfig['overflow'];

  constructor(config: RuntimeConfig) {
    this.clock = config.clock;
    this.overflow = config.overflow;
    this.nowMs = config.startTimeMs ?? 0;
    this.maxRetained = config.limits?.maxRetained ?? defaults.maxRetained;
    this.maxPartialMatches = config.limits?.maxPartialMatches ?? defaults.maxPartialMatches;
    this.maxSnapshotBytes = config.limits?.maxSnapshotBytes ?? defaults.maxSnapshotBytes;
    this.queue = new WorkQueue(config.limits?.maxQueuedRows ?? defaults.maxQueuedRows);
    const { store: variables, stores, windows, settle } = this;
    this.deployments = new Deployments({
      host: this,
      variables,
      stores,
      windows,
      settle,
      updated: (update) => this.updated.push(update),
    });
  }

  deploy(module: CompiledModule): Deployment {
    const deployment = this.deployments.deploy(module);
    this.finish();
    return deployment;
  }

  replace(deployment: Deployment, module: CompiledModule): Deployment {
    const replaced = this.deployments.replace(deployment, module);
    this.finish();
    return replaced;
  }

  undeploy(deployment: Deployment): void {
    this.deployments.undeploy(deployment);
  }

  eventType(name: string): EventType | undefined {
    return this.deployments.streams.get(name)?.type;
  }

  advanceTime(ms: number): void {
    if (!Number.isFinite(ms))
      throw new EplError('EPL_USAGE', `the time must be a number of milliseconds, not ${ms}`);
    if (this.working) {
      this.deferred.push(() => this.advanceTime(ms));
      return;
    }
    this.begun = true;
    this.nowMs = ms;
    this.store.begin();
    if (this.timers.nextDueMs > ms) return;
    this.working = true;
    try {
      this.timers.runDue(ms);
      this.settle();
      this.drain();
      this.reportUpdates();
    } finally {
      this.working = false;
    }
    this.runDeferred();
  }

  sendEvent(type: string, data: Readonly<Record<string, unknown>>): void {
    const stream = this.deployments.stream(type);
    this.take(stream, stream.convert(data));
  }

  sender(type: string): EventSender {
    const stream = this.deployments.stream(type);
    return {
      type: stream.type,
      send: (data) => this.take(stream, stream.convert(data)),
      sendInstance: (event) => this.take(stream, event as Subject),
    };
  }

  query(text: string, options: QueryOnceOptions = {}): readonly Row[] {
    return this.prepare(text, options).runIn(options.partitions);
  }

  prepare(text: string, options: QueryOptions = {}): PreparedQuery {
    const query = compileQuery(text, { ...options, uses: this.deployments.modules });
    return new Prepared(query, (program, parameters, partitions) => {
      this.begun = true;
      try {
        return executeQuery(program, parameters, this, (name) => this.deployments.context(name), partitions);
      } finally {
        this.finish();
      }
    });
  }

  onStatementError(listener: (failure: StatementError) => void): () => void {
    this.errorListeners = [...this.errorListeners, listener];
    return () => {
      this.errorListeners = this.errorListeners.filter((other) => other !== listener);
    };
  }

  snapshot(): Uint8Array {
    this.checkIdle('taken');
    return takeSnapshot(this.snapshotHost());
  }

  restore(bytes: Uint8Array): RestoreReport {
    this.checkIdle('restored');
    if (this.begun)
      throw new EplError(
        'EPL_USAGE',
        'a snapshot is restored before the first event, query and move of the clock',
      );
    try {
      return restoreSnapshot(bytes, this.snapshotHost());
    } finally {
      this.finish();
    }
  }

  private snapshotHost(): SnapshotHost {
    const engine = this;
    const { timers, store: variables, maxSnapshotBytes } = this;
    return {
      timers,
      variables,
      statements: this.deployments.statements,
      maxSnapshotBytes,
      eventType: (name) => engine.eventType(name),
      get nowMs() {
        return engine.nowMs;
      },
      set nowMs(nowMs: number) {
        engine.nowMs = nowMs;
      },
    };
  }

  private checkIdle(done: string): void {
    if (this.working)
      throw new EplError('EPL_USAGE', `a snapshot is ${done} between two events, not inside of a listener`);
  }

  takeTimerRank(): number {
    return this.nextTimerRank++;
  }

  schedule(dueMs: number, owner: TimerOwner, keeper: TimerKeeper): Timer {
    return this.timers.schedule(dueMs, owner, keeper);
  }

  createLane(keeper: TimerKeeper): TimerLane {
    return this.timers.createLane(keeper);
  }

  scheduleIn(lane: TimerLane, dueMs: number, entry: LaneEntry): void {
    this.timers.scheduleIn(lane, dueMs, entry);
  }

  cancel(timer: Timer): void {
    this.timers.cancel(timer);
  }

  insert(type: string, row: Row): void {
    const stream = this.deployments.streams.get(type);
    // Undeployed by a listener in the middle of its own rows.
    if (stream === undefined || !stream.isRead) return;
    this.queue.push({ stream, row }, this.stores.isStore(type));
  }

  markDirty(instance: StatementInstance): void {
    this.dirty.add(instance);
  }

  failed(instance: StatementInstance, error: EplError): void {
    const failure = { statement: instance, timeMs: this.nowMs, error };
    for (const listener of this.errorListeners) listener(failure);
  }

  overflowOf(instance: StatementInstance): Overflow {
    const { overflow = 'refuse' } = this;
    return typeof overflow === 'function' ? overflow(instance) : overflow;
  }

  /** Rows that started statements have led to. */
  private finish(): void {
    if (this.working) return;
    this.working = true;
    try {
      this.settle();
      this.drain();
      this.reportUpdates();
    } finally {
      this.working = false;
    }
    this.runDeferred();
  }

  private readonly settle = (): void => {
    if (!this.dirty.isEmpty) this.flushDirty();
  };

  /** One event and all that follows from it. */
  private take(stream: Stream, event: Subject): void {
    if (this.working) this.deferred.push(() => this.take(stream, event));
    else {
      this.working = true;
      this.begun = true;
      try {
        this.store.begin();
        stream.dispatch(event, this.settle);
        if (this.queue.length > 0 || this.windows.waiting) this.drain();
        if (this.updated.length > 0) this.reportUpdates();
      } finally {
        this.working = false;
      }
      if (this.deferred.length > 0) this.runDeferred();
    }
  }

  private reportUpdates(): void {
    const { updated } = this;
    if (updated.length === 0) return;
    this.updated = [];
    for (const update of updated) update.report();
  }

  /** Calls that listeners made in the meantime. */
  private runDeferred(): void {
    while (this.deferred.length > 0) this.deferred.shift()!();
  }

  /**
   * Rows for named windows first. The readers of a named window hear of what the event itself changed together with
   * the first row that it led to.
   */
  private drain(): void {
    const { queue, windows, settle } = this;
    windows.report();
    if (!queue.isUrgent) windows.deliver(settle);
    // A named window in a context gathers what its partitions tell.
    settle();
    while (queue.length > 0) {
      const { stream, row } = queue.shift();
      this.store.begin();
      stream.dispatch(row, settle);
      windows.report();
      windows.deliver(settle);
      settle();
    }
  }

  private flushDirty(): void {
    // What one does may make others dirty: a partition that ends has rows of its statements to give.
    const { dirty } = this;
    for (let instance = dirty.take(); instance !== undefined; instance = dirty.take()) instance.flush();
  }
}
