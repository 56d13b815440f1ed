/** How long, and how much, is kept: what is oldest goes first; and when it is tidied up. */
export interface RetentionLimits {
  /** Milliseconds for which flows are kept, by the hour in which they started. Default 30 days. */
  readonly maxFlowAgeMs: number;
  /** Bytes of all files of flows. Default 50 GiB. */
  readonly maxFlowBytes: number;
  /** Files of flows. Default 100,000. */
  readonly maxFlowFiles: number;
  /** Milliseconds for which the rows of the tables are kept, by their time. Default 365 days. */
  readonly maxTableAgeMs: number;
  /** Bytes of the tables in the database. Default 4 GiB. */
  readonly maxTableBytes: number;
  /** Milliseconds from the end of an hour until its small files are merged. Default 3,600,000. */
  readonly mergeAfterMs: number;
  /** Milliseconds between two looks. Default 600,000. */
  readonly checkEveryMs: number;
}

const dayMs = 86_400_000;
const gibibyte = 1024 ** 3;

export const defaultRetentionLimits: RetentionLimits = {
  maxFlowAgeMs: 30 * dayMs,
  maxFlowBytes: 50 * gibibyte,
  maxFlowFiles: 100_000,
  maxTableAgeMs: 365 * dayMs,
  maxTableBytes: 4 * gibibyte,
  mergeAfterMs: 3_600_000,
  checkEveryMs: 600_000,
};

/** What a look changed. */
export interface RetentionReport {
  readonly removedFiles: number;
  readonly removedFileBytes: number;
  readonly removedRows: number;
  /** How many files there are fewer because their flows are in another one. */
  readonly mergedFiles: number;
}
