import type { Annotation } from '../annotation.ts';
import type { PartitionSelector } from './context/partition-selector.ts';
import type { EventType } from './event-type.ts';

/**
 * A row that a statement gave: own enumerable properties in column order, so `JSON.stringify(row)` is the row.
 * A `long` beyond 2^53 is a `bigint`, which JSON cannot hold; give JSON.stringify a replacer where that can occur.
 */
export type Row = Readonly<Record<string, unknown>>;

/** What a listener hears: everything that one event or one move of the clock changed in a statement. */
export interface Delivery {
  readonly statement: Statement;
  /** Engine time of the delivery, milliseconds since 1970. */
  readonly timeMs: number;
  readonly newRows: readonly Row[];
  /** Filled only where the statement asks for the remove stream (`irstream`). */
  readonly oldRows: readonly Row[];
}

export type Listener = (delivery: Delivery) => void;

/** What happened to a statement since it was deployed. */
export interface StatementCounters {
  /** Events that passed the from-clause filters and reached the statement. */
  readonly eventsIn: number;
  /** New and old rows given. */
  readonly rowsOut: number;
  /** Exceptions inside the statement or one of its listeners. */
  readonly errors: number;
  /** Events given up under the overflow policy `drop-oldest`. */
  readonly dropped: number;
  /** Events and groups that it holds now. */
  readonly retained: number;
  /** Inside of it and its listeners, by {@link RuntimeConfig.clock}; 0 without one. */
  readonly timeSpentMs: number;
}

/** One running statement. */
export interface Statement {
  readonly name: string;
  readonly annotations: readonly Annotation[];
  /** The stream that the statement inserts into. */
  readonly insertInto: string | undefined;
  /** The type of the rows; of `create schema`, the type created. */
  readonly eventType: EventType;
  readonly counters: StatementCounters;
  /** Whether it was undeployed, or stopped under the overflow policy `stop-statement`. */
  readonly stopped: boolean;
  /** Listeners are called in the order in which they were added. Returns what removes this one again. */
  addListener(listener: Listener): () => void;
  /**
   * The current rows: what the statement's windows hold now. A statement without a window has none.
   * @param partitions of a statement in a context, those whose rows are wanted; without it all
   * @throws EplError `EPL_USAGE` where partitions are chosen that the statement cannot have
   */
  rows(partitions?: PartitionSelector): Iterable<Row>;
}
