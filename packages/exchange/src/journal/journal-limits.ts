export interface JournalLimits {
  /** Messages that wait to be sent. Default 10,000. */
  readonly maxPending: number;
  /** … to one partner, so that one that is away leaves room for the others. Default 2,000. */
  readonly maxPendingPerPartner: number;
  /** Bytes of all messages that wait to be sent. Default 256 MiB. */
  readonly maxPendingBytes: number;
  /** Messages that were given up; the oldest leave first. Default 1,000. */
  readonly maxDeadLetters: number;
  /** Bytes of all messages that were given up; the oldest leave first. Default 64 MiB. */
  readonly maxDeadLetterBytes: number;
  /** Messages that came and are not handled. Default 1,000. */
  readonly maxUnhandled: number;
  /** … from one partner. Default 200. */
  readonly maxUnhandledPerPartner: number;
  /** Bytes of all messages that came and are not handled. Default 256 MiB. */
  readonly maxUnhandledBytes: number;
  /**
   * References remembered of each sender, ourselves among them, to tell repeats; the oldest leave first. A repeat
   * that comes after so many others counts as new. Default 10,000, which is 2 MB or so.
   */
  readonly maxSeenPerSender: number;
}

export const defaultJournalLimits: JournalLimits = {
  maxPending: 10_000,
  maxPendingPerPartner: 2_000,
  maxPendingBytes: 256 * 1024 * 1024,
  maxDeadLetters: 1_000,
  maxDeadLetterBytes: 64 * 1024 * 1024,
  maxUnhandled: 1_000,
  maxUnhandledPerPartner: 200,
  maxUnhandledBytes: 256 * 1024 * 1024,
  maxSeenPerSender: 10_000,
};
