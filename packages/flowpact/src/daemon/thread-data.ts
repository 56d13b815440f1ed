import type { MessagePort } from 'node:worker_threads';
import type { FlowColumnDefinition } from '@flowpact/store';

/** What the collector thread begins with. */
export interface CollectorThreadData {
  /** Batches that may be on their way to detection. */
  readonly maxBatches: number;
  /** Takes flow messages, gives credits. */
  readonly toDetection: MessagePort;
}

/** What the detection thread begins with. */
export interface DetectionThreadData {
  /** Findings that may be on their way to the main thread. */
  readonly maxFindings: number;
  /** Where what modules hold is kept over a restart. */
  readonly snapshotDirectory: string;
  /** Between two times that it is written, milliseconds; it is at the end, too. */
  readonly snapshotEveryMs: number;
  /** Gives flow messages, takes credits. */
  readonly fromCollector: MessagePort;
  /** Left out: flows are not archived. */
  readonly archive?: {
    /** Batches that may be on their way there. */
    readonly maxBatches: number;
    /** Takes flow messages, gives credits. */
    readonly toStorage: MessagePort;
  };
}

/** What the storage thread begins with. */
export interface StorageThreadData {
  /** Of the archive. */
  readonly directory: string;
  /** How long flows are gathered before they are written, milliseconds. */
  readonly flushAfterMs: number;
  /** Columns beside the usual ones. */
  readonly extraColumns: readonly FlowColumnDefinition[];
  /** Gives flow messages, takes credits. */
  readonly fromDetection: MessagePort;
}
