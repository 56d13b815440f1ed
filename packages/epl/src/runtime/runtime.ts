import type { CompiledModule, CompileOptions } from '../compile-module.ts';
import type { EplError } from '../errors.ts';
import type { PartitionSelector } from './context/partition-selector.ts';
import { Engine } from './engine.ts';
import type { EventType } from './event-type.ts';
import type { Row, Statement } from './statement.ts';

export interface RuntimeLimits {
  /** Events and groups that one statement may hold at a time, its windows, groups and joins together. Default 20,000,000. */
  readonly maxRetained: number;
  /** Partial matches that the patterns of one statement may have open at a time. Default 10,000,000. */
  readonly maxPartialMatches: number;
  /** Rows inserted into streams and not yet handled. Default 10,000,000. */
  readonly maxQueuedRows: number;
  /** Bytes of a snapshot. Default 2,147,483,648. */
  readonly maxSnapshotBytes: number;
}

/** What became of one statement when a snapshot was restored. */
export interface RestoredStatement {
  readonly statement: Statement;
  /** `restored`: it holds what it held. `anew`: it is as it was deployed. */
  readonly outcome: 'restored' | 'anew';
  /** Why it began anew. */
  readonly reason?: string;
}

/** What became of a snapshot. */
export interface RestoreReport {
  /** Engine time of the snapshot, which is the runtime's now. */
  readonly timeMs: number;
  /** All statements that run, in the order of their deployment. */
  readonly statements: readonly RestoredStatement[];
  /** Names of the statements of the snapshot whose state nobody took. */
  readonly forgotten: readonly string[];
}

/**
 * What happens where a statement would hold more than {@link RuntimeLimits.maxRetained}, or more partial matches than
 * {@link RuntimeLimits.maxPartialMatches}:
 * - `refuse`: the event is not taken, the partial match not begun; each refusal is counted and told as an error.
 * - `drop-oldest`: the oldest events of its windows leave before their time, the oldest partial matches of its patterns
 *   end, counted in `counters.dropped` and told once. What has nothing to drop from, such as the groups of an unbounded
 *   stream, is refused.
 * - `stop-statement`: the statement stops, forgets what it holds, and is told once.
 */
export type Overflow = 'refuse' | 'drop-oldest' | 'stop-statement';

export interface RuntimeConfig {
  /** Engine time before the first {@link Runtime.advanceTime}, milliseconds since 1970. Default 0. */
  readonly startTimeMs?: number;
  readonly limits?: Partial<RuntimeLimits>;
  /** For all statements, or for each. Default `refuse`. */
  readonly overflow?: Overflow | ((statement: Statement) => Overflow);
  /** Milliseconds of a clock that only goes forward, such as `performance.now`: measures what each statement spends. */
  readonly clock?: () => number;
}

/** An exception inside one statement. The statement and all others go on. */
export interface StatementError {
  readonly statement: Statement;
  readonly timeMs: number;
  /** Code `EPL_EVALUATION` or `EPL_LIMIT`, with the cause. */
  readonly error: EplError;
}

/** What `deploy` returns and `undeploy` takes. */
export interface Deployment {
  readonly statements: readonly Statement[];
  /** The statement of that name. */
  statement(name: string): Statement | undefined;
}

/** The fast way in for the events of one type. */
export interface EventSender {
  readonly type: EventType;
  /** Copies the declared properties into an instance: missing and undefined become null, unknown keys are ignored. */
  send(data: Readonly<Record<string, unknown>>): void;
  /** Takes an instance of `type.Instance` as it is. It must not be changed afterwards. */
  sendInstance(event: object): void;
}

/** What the text of a query may name beside what is deployed, as for {@link CompileOptions}. */
export type QueryOptions = Pick<
  CompileOptions,
  'file' | 'functions' | 'aggregations' | 'limits' | 'timeZone'
>;

/** What a query that runs once may be told. */
export interface QueryOnceOptions extends QueryOptions {
  /** Of a query over what lives in a context: the partitions that it looks at. Default all. */
  readonly partitions?: PartitionSelector;
}

/** An on-demand query that is compiled once and run any number of times. */
export interface PreparedQuery {
  /** The type of the rows. */
  readonly eventType: EventType;
  /** The names of the parameters in the order in which they stand in the text; undefined for a plain `?`. */
  readonly parameters: readonly (string | undefined)[];
  /**
   * Runs it over what the named windows and tables hold now, with a value for each parameter. Gives the rows selected;
   * of an insert, update or delete on a named window the rows concerned, on a table none. Statements that read a
   * changed named window are told before it returns, or, inside of a listener, when the event at work is done.
   * @throws EplError `EPL_USAGE` for the wrong number of values, or where a named window or table runs no more;
   *   `EPL_DUPLICATE_KEY` where a row would break a unique index; whatever an expression throws
   */
  run(...values: readonly unknown[]): readonly Row[];
  /**
   * As {@link run}, in these partitions of the context whose named windows or tables it reads. Without a selector, as
   * `run`, in all of them.
   * @throws EplError as `run`, and `EPL_USAGE` where partitions are chosen that there cannot be
   */
  runIn(partitions: PartitionSelector | undefined, ...values: readonly unknown[]): readonly Row[];
}

export interface Runtime {
  readonly nowMs: number;
  /**
   * Starts the module's statements in their order.
   * @throws EplError `EPL_TYPE_CONFLICT` where an event type of that name with other properties runs already;
   *   `EPL_DUPLICATE_NAME` where a named window or table of that name does; `EPL_USAGE` where one that it names does not
   */
  deploy(module: CompiledModule): Deployment;
  /**
   * Stops the deployment's statements and forgets what they hold.
   * @throws EplError `EPL_USAGE` where others name a named window or table that it created
   */
  undeploy(deployment: Deployment): void;
  /**
   * Puts a module in the place of a deployment: between two events, with no event missed or seen twice. What the old
   * statements held is forgotten; all other deployments go on.
   * @throws EplError as {@link deploy} does; the old deployment then goes on.
   */
  replace(deployment: Deployment, module: CompiledModule): Deployment;
  eventType(name: string): EventType | undefined;
  /**
   * Moves the clock and runs what is due. Going back is allowed: windows keep the order of arrival.
   * @throws EplError `EPL_USAGE` where `ms` is not a finite number.
   */
  advanceTime(ms: number): void;
  /** @throws EplError `EPL_UNKNOWN_EVENT_TYPE` */
  sendEvent(type: string, data: Readonly<Record<string, unknown>>): void;
  /** @throws EplError `EPL_UNKNOWN_EVENT_TYPE` */
  sender(type: string): EventSender;
  /**
   * Runs an on-demand query once: select, insert, update or delete on named windows and tables. What lives in a context
   * is looked at as one over all its partitions; behind `context Name` each partition is asked for itself, and
   * `context.…` may be read. An insert, update or delete is done in each partition in any case.
   * @throws EplError with the diagnostics of the text, else as {@link PreparedQuery.runIn}
   */
  query(text: string, options?: QueryOnceOptions): readonly Row[];
  /**
   * Compiles an on-demand query with parameters: `?`, with a type `?::int`, with a name `?:host`, or both `?:host:string`.
   * @throws EplError with the diagnostics of the text
   */
  prepare(text: string, options?: QueryOptions): PreparedQuery;
  /**
   * All that the statements hold, the variables and the clock, as bytes. Taken between two events. Listeners,
   * counters and what is deployed are no part of it.
   * @throws EplError `EPL_USAGE` inside of a listener; `EPL_LIMIT` where it would be longer than `maxSnapshotBytes`
   */
  snapshot(): Uint8Array;
  /**
   * Puts back what a snapshot holds, into a runtime in which the same modules are deployed again, before the first
   * event and the first move of the clock. A statement whose plan is the same holds what it held; one that has changed,
   * or depends on what has, is as it was deployed. The clock stands where it stood.
   * @throws EplError `EPL_SNAPSHOT` where the bytes are no snapshot, are damaged or of a newer version, `EPL_LIMIT`
   *   where they are too long, `EPL_USAGE` where events have been taken already; the runtime is then as it was before
   */
  restore(bytes: Uint8Array): RestoreReport;
  /**
   * Hears of exceptions inside statements and their listeners. Returns what removes the listener again. It should not
   * throw: what it throws ends the call of `sendEvent` or `advanceTime` that led to it.
   */
  onStatementError(listener: (failure: StatementError) => void): () => void;
}

/** Creates an engine. It starts no timers and opens nothing: time and events come in through its methods. */
export function createRuntime(config: RuntimeConfig = {}): Runtime {
  return new Engine(config);
}
