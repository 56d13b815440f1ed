import type { AuditBody, AuditEntry, AuditHead } from './audit-entry.ts';

/** What was read back of a log. */
export interface OpenedAuditLog {
  /** From the last checkpoint on, that one first; none in a new log. */
  readonly entries: readonly AuditEntry[];
  /** Bytes of an entry that a crash had torn, cut off again: nobody had been told that it is safe. */
  readonly cutBytes: number;
}

/** Entries that follow the others. */
export interface AuditAppend {
  readonly entries: readonly AuditEntry[];
  /** Resolves when they are on the disk. @throws ResponseError `RESPONSE_LOG_FAILED`. */
  readonly written: Promise<void>;
}

/** All that ever became of mitigations, each entry bound to the one before it by its hash. */
export interface AuditLog {
  /**
   * @param checkpoint What is open at the moment that it is called, all entries so far being in it.
   * @throws ResponseError `RESPONSE_LOG_FAILED`: in use by another process, or damaged, with the place.
   */
  open(checkpoint: () => AuditBody & { readonly kind: 'checkpoint' }): Promise<OpenedAuditLog>;
  /**
   * Entries have their places at once, and are on the disk a little later, several at a time.
   * @throws ResponseError `RESPONSE_LOG_FAILED` once it could not be written: nothing more is taken until it is opened anew.
   */
  append(who: string, bodies: readonly AuditBody[]): AuditAppend;
  /** After what is under way. */
  close(): Promise<void>;
  /** The last entry. */
  readonly head: AuditHead;
}
