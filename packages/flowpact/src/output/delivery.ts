/** How a delivery fares. Counters begin with the process; what waits may be of an earlier one. */
export interface DeliveryReport {
  /** `down`: the last attempt failed. */
  readonly state: 'up' | 'down';
  /** Entries that have arrived, as far as the protocol lets know. */
  readonly written: number;
  /** Entries that wait. */
  readonly spooled: number;
  /** Entries lost: there was no room for them, or they could not be written down. */
  readonly dropped: number;
  /** Entries that the receiver will never take; they are among the dead letters. */
  readonly rejected: number;
  /** Attempts that have failed. */
  readonly failed: number;
  /** Why the last one failed, where the state is `down`. */
  readonly reason?: string;
}

/** Brings entries to one receiver, in their order, through a spool: who writes never waits for the receiver. */
export interface Delivery {
  /** @throws FlowpactError `FLOWPACT_FILE` where the spool cannot be had. */
  start(): Promise<void>;
  write(entries: readonly string[]): void;
  /** Resolves when all that was written is in the spool, and it holds fewer entries than this; or at a stop. */
  ready(maxSpooled: number): Promise<void>;
  readonly report: DeliveryReport;
  /** Sends what waits as long as the receiver takes it and `drainMs` have not passed; the rest stays in the spool. */
  stop(drainMs: number): Promise<void>;
}
