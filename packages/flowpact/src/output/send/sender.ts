import type { BatchLimit } from '../spool/spool.ts';

/** An entry that the receiver will never take, whatever is tried. */
export interface RejectedEntry {
  readonly entry: string;
  readonly reason: string;
}

/** What became of entries that were sent; those that are in neither list have arrived. */
export interface Sent {
  readonly rejected: readonly RejectedEntry[];
  /** To be sent again, in this order. */
  readonly unsent: readonly string[];
  /** Why some are unsent. */
  readonly reason?: string;
  /** How long the receiver wants to be left alone, milliseconds. */
  readonly retryAfterMs?: number;
}

export const allSent: Sent = { rejected: [], unsent: [] };

/** Brings entries to a receiver in one protocol. It opens what it needs by itself, and anew where that is gone. */
export interface Sender {
  /** What it likes to have at a time. */
  readonly batch: BatchLimit;
  /** Rejects where nothing is known to have arrived: all of it is to be sent again. */
  send(entries: readonly string[], signal: AbortSignal): Promise<Sent>;
  close(): Promise<void>;
}
