import type { MessageRef } from '@flowpact/event';
import type { SendReceipt } from '../transport/transport.ts';

/** A message of ours that was promised to a partner, with the very bytes that every attempt sends. */
export interface OutboxEntry {
  readonly reference: MessageRef;
  /** `Party.name` of the receiver. */
  readonly partner: string;
  /** The codec's `language`. */
  readonly language: string;
  readonly bytes: Uint8Array;
  /** When it was accepted for sending, milliseconds since 1970. */
  readonly atMs: number;
}

/** A partner's message as it came. */
export interface InboxEntry {
  readonly reference: MessageRef;
  readonly partner: string;
  readonly language: string;
  readonly bytes: Uint8Array;
  /** When it came, milliseconds since 1970. */
  readonly atMs: number;
}

/** Why an attempt failed. */
export interface SendFailure {
  readonly atMs: number;
  readonly reason: string;
  /** No further attempt will be made. */
  readonly permanent: boolean;
}

/** A message of ours that was given up, and why. */
export interface DeadLetter {
  readonly entry: OutboxEntry;
  readonly failure: SendFailure;
}

/**
 * The memory of an exchange: what was promised and what was received. Each method resolves when what it says is
 * durable, as far as the implementation can; nothing is sent, acknowledged or acted on before.
 *
 * Outbox: `append` -> (`markFailed`, temporary)* -> `markSent` or `markFailed`, permanent.
 * What came back: `markSent` -> `markFailed`, permanent.
 * Dead letters: `markFailed`, permanent -> `retry` or `drop`.
 * Inbox: `remember` -> `markHandled`.
 */
export interface ExchangeJournal {
  /** Reads back what an earlier run left. @throws ExchangeError `EXCHANGE_JOURNAL_FAILED`. */
  open(): Promise<void>;
  close(): Promise<void>;

  /** @throws ExchangeError `EXCHANGE_FULL`, or `EXCHANGE_ID_REUSED` for a reference that it holds already. */
  append(entry: OutboxEntry): Promise<void>;
  /**
   * The entry leaves the outbox, and is kept among those sent not long ago, in case it comes back; the oldest of these
   * leave. Without effect for one that is not pending.
   */
  markSent(reference: MessageRef, receipt: SendReceipt): Promise<void>;
  /** Sent not long ago, and not given up since; undefined for any other. */
  findSent(reference: MessageRef): Promise<OutboxEntry | undefined>;
  /**
   * If the failure is permanent the entry, pending or sent not long ago, becomes a dead letter; the oldest of these leaves
   * where there are too many. Without effect for any other.
   */
  markFailed(reference: MessageRef, failure: SendFailure): Promise<void>;
  /** Promised and not yet delivered, oldest first. */
  pending(): Promise<readonly OutboxEntry[]>;
  /** Given up, oldest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /**
   * Puts a dead letter back into the outbox, as if it had been accepted at `atMs`. Undefined: there is none of that
   * reference.
   * @throws ExchangeError `EXCHANGE_FULL`; it stays a dead letter then.
   */
  retry(reference: MessageRef, atMs: number): Promise<OutboxEntry | undefined>;
  /** Forgets a dead letter. Undefined: there is none of that reference. */
  drop(reference: MessageRef): Promise<DeadLetter | undefined>;
  /** The highest id that `append` and `markHandled` ever saw of this sender; undefined for none. */
  highestId(sender: string): Promise<bigint | undefined>;

  /**
   * Keeps the entry until it is handled, and its reference and digest for longer, to tell repeats: `repeat` is the
   * same message once more, `reused` is another one under the same reference.
   * @throws ExchangeError `EXCHANGE_FULL`.
   */
  remember(entry: InboxEntry): Promise<'new' | 'repeat' | 'reused'>;
  /**
   * The entry needs nothing more. The answer joins the outbox in the same step, so that a crash can neither lose it
   * nor have it written twice. False: the entry was handled before, and the answer is dropped.
   * @throws ExchangeError as `append`; the entry is unhandled then.
   */
  markHandled(reference: MessageRef, answer?: OutboxEntry): Promise<boolean>;
  /** Received and not yet handled, oldest first. */
  unhandled(): Promise<readonly InboxEntry[]>;
}
