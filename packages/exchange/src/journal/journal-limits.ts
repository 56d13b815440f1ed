export interface JournalLimits {
  /** Messages that wait to be sent. Default 10,000. */
  readonly maxPending: number;
  /** … and their bytes together. Default 256 MiB. */
  readonly maxPendingBytes: number;
  /** Messages that came and are not handled. Default 1,000. */
  readonly maxUnhandled: number;
  /** … and their bytes together. Default 256 MiB. */
  readonly maxUnhandledBytes: number;
  /**
   * References remembered of each sender, ourselves among them, to tell repeats; the oldest leave first. A repeat
   * that comes after so many others counts as new. Default 10,000, which is 2 MB or so.
   */
  readonly maxSeenPerSender: number;
}

export const defaultJournalLimits: JournalLimits = {
  maxPending: 10_000,
  maxPendingBytes: 256 * 1024 * 1024,
  maxUnhandled: 1_000,
  maxUnhandledBytes: 256 * 1024 * 1024,
  maxSeenPerSender: 10_000,
};
