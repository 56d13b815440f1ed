/** How much of a spool is handed out at a time. */
export interface BatchLimit {
  readonly maxEntries: number;
  /** Octets of UTF-8; a single entry may have more. */
  readonly maxBytes: number;
}

/** The oldest entries of a spool, in the order in which they came. */
export interface SpooledBatch {
  readonly entries: readonly string[];
}

export interface SpoolStats {
  /** Entries that wait to be delivered. */
  readonly waiting: number;
  /** Octets that the spool takes up. */
  readonly bytes: number;
  /** Entries that had to go to make room for newer ones, were too large, or could not be written. */
  readonly dropped: number;
}

/** What waits to be delivered: one writer, one reader, the oldest first. */
export interface Spool {
  /** @throws FlowpactError `FLOWPACT_FILE` where it cannot be had. */
  open(): Promise<void>;
  /** Puts entries (none of them empty) behind the others. Never rejects: what cannot be kept is counted as dropped. */
  append(entries: readonly string[]): Promise<void>;
  /**
   * Hands out the oldest entries; undefined where there are none. They stay in the spool until `remove`, and are held:
   * they do not go to make room for newer ones. At most one batch is held at a time.
   */
  take(limit: BatchLimit): Promise<SpooledBatch | undefined>;
  /** They may go again to make room for newer ones. */
  release(batch: SpooledBatch): void;
  /** Holds a released batch again; false where it had to go. */
  hold(batch: SpooledBatch): boolean;
  /** The held entries are delivered. */
  remove(batch: SpooledBatch): Promise<void>;
  readonly stats: SpoolStats;
  /** What waits stays for the next `open`, where the spool is one that lasts. */
  close(): Promise<void>;
}
