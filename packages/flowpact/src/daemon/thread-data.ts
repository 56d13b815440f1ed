import type { MessagePort } from 'node:worker_threads';

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
  /** Gives flow messages, takes credits. */
  readonly fromCollector: MessagePort;
}
