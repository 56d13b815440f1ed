export interface JournalLimits {
  /** Messages that wait to be sent. Default 20,000. */
  readonly maxPending: number;
  /** … to one partner, so that one that is away leaves room for the others. Default 10,000. */
  readonly maxPendingPerPartner: number;
  /** Bytes of all messages that wait to be sent. Default 256 MiB. */
  readonly maxPendingBytes: number;
  /** Messages that were sent and are kept in case they come back; the oldest leave first. Default 1,000. */
  readonly maxSent: number;
  /** Bytes of all messages that were sent and are kept; the oldest leave first. Default 16 MiB. */
  readonly maxSentBytes: number;
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
   * that comes after so many others counts as new. Default 20,000, which is 4 MB or so.
   */
  readonly maxSeenPerSender: number;
}

export const defaultJournalLimits: JournalLimits = {
  maxPending: 20_000,
  maxPendingPerPartner: 10_000,
  maxPendingBytes: 256 * 1024 * 1024,
  maxSent: 1_000,
  maxSentBytes: 16 * 1024 * 1024,
  maxDeadLetters: 1_000,
  maxDeadLetterBytes: 64 * 1024 * 1024,
  maxUnhandled: 1_000,
  maxUnhandledPerPartner: 200,
  maxUnhandledBytes: 256 * 1024 * 1024,
  maxSeenPerSender: 20_000,
};
