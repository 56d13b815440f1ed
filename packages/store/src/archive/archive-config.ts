import type { Clock } from '../clock.ts';
import type { TalkerRecord, TrafficRecord } from '../record/records.ts';
import type { StoreError } from '../store-error.ts';
import type { FlowColumnDefinition } from './flow-columns.ts';

export interface FlowArchiveConfig {
  /** Folder of the hours, made where it is missing. Several processes may write there. */
  readonly directory: string;
  /** Columns beside those that every file has; an element that is a column already is refused. Default none. */
  readonly extraColumns?: readonly FlowColumnDefinition[];
  readonly limits?: Partial<FlowArchiveLimits>;
}

/** Bounds of the flows in memory, which are what `kill -9` loses. */
export interface FlowArchiveLimits {
  /** Flows after which a file is written. Default 500,000. */
  readonly flushFlows: number;
  /** Milliseconds after which what there is is written. Default 60,000. */
  readonly flushAfterMs: number;
  /** Flows in memory, those being written and those that could not be among them; further ones are dropped and counted. Default 2,000,000. */
  readonly maxBufferedFlows: number;
  /** Hours that flows in memory belong to; more of them make a write earlier. Default 96. */
  readonly maxHours: number;
  /** Milliseconds until a failed write is tried again. Default 5,000. */
  readonly retryAfterMs: number;
  /** Bytes of memory for flows and for writing them. Default 768 MiB. */
  readonly memoryLimitBytes: number;
  /** Threads that compress. Default 1. */
  readonly threads: number;
  /** Addresses kept of each minute and direction in the summaries, those with most octets of each write. Default 20. */
  readonly talkers: number;
}

export const defaultFlowArchiveLimits: FlowArchiveLimits = {
  flushFlows: 500_000,
  flushAfterMs: 60_000,
  maxBufferedFlows: 2_000_000,
  maxHours: 96,
  retryAfterMs: 5_000,
  memoryLimitBytes: 768 * 1024 * 1024,
  threads: 1,
  talkers: 20,
};

/** What flowed, by minutes. */
export interface TrafficSummary {
  readonly traffic: readonly TrafficRecord[];
  readonly talkers: readonly TalkerRecord[];
}

export interface FlowArchiveDeps {
  /** Default the system's. */
  readonly clock?: Clock;
  /** Calls again and again until the function that it returns is called. Default a timer that keeps no process alive. */
  readonly every?: (periodMs: number, call: () => void) => () => void;
  /** Gets the sums over the flows of each write, once. Left out: nothing is summed up. */
  readonly onSummary?: (summary: TrafficSummary) => void;
  /** Hears of each write that failed; it is tried again. */
  readonly onFailure?: (error: StoreError) => void;
}

export function everyUnref(periodMs: number, call: () => void): () => void {
  const timer = setInterval(call, periodMs).unref();
  return () => clearInterval(timer);
}
