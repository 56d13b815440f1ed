import type { Ask, Message, MessageRef, SecurityEvent } from '@flowpact/event';
import type { DeadLetter } from '../journal/exchange-journal.ts';
import type { ConversationState, RecordedMessage } from './conversation-state.ts';
import type { Answer } from './exchange-config.ts';
import type { FalsePositiveCount } from './false-positives.ts';

/** Where a message stands. */
export interface Place {
  readonly inReplyTo?: MessageRef;
  readonly related?: readonly MessageRef[];
  readonly supersedes?: MessageRef;
  /** Milliseconds since 1970. */
  readonly expiresMs?: number;
}

/** How a message is written. */
export interface WriteOptions {
  /**
   * One that a codec speaks, whether the partner is known to read it or not. Left out: the first of the partner's that has
   * a place for this kind of message.
   */
  readonly language?: string;
}

/**
 * A network's end of its conversations. `alert`, `request` and `feedback` resolve when the message is in the journal:
 * from then on it will be sent, also after a crash; the attempt follows at once and is told by `onEvent`.
 *
 * They reject with an ExchangeError: `EXCHANGE_NOT_RUNNING`, `EXCHANGE_UNKNOWN_PARTNER`, `EXCHANGE_NO_ROUTE`,
 * `EXCHANGE_BAD_MESSAGE` (the language cannot say it, or it is too large), `EXCHANGE_FULL`, `EXCHANGE_ID_REUSED`,
 * `EXCHANGE_JOURNAL_FAILED`; the message was then not accepted and will not be sent.
 */
export interface Exchange {
  /**
   * Opens the journal and the transports, handles what came and sends what was promised before.
   * @throws ExchangeError `EXCHANGE_JOURNAL_FAILED`, or what a transport throws; everything is closed again then.
   */
  start(): Promise<void>;
  /** Waits, up to `stopTimeoutMs`, for what is in flight; what remains is taken up by the next start. */
  stop(): Promise<void>;
  /**
   * Tells a partner (`Party.name`) of an event.
   * @throws ExchangeError `EXCHANGE_NO_ROUTE` for a language that no codec speaks, too; its message names the others.
   */
  alert(event: SecurityEvent, to: string, place?: Place, options?: WriteOptions): Promise<Message>;
  /** Asks a partner to do something about an event. */
  request(event: SecurityEvent, asks: readonly Ask[], to: string, place?: Place): Promise<Message>;
  /** Answers a partner's message. */
  feedback(inReplyTo: Message, answer: Answer): Promise<Message>;
  /** Messages that were given up, oldest first. @throws ExchangeError `EXCHANGE_NOT_RUNNING`. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /**
   * Sends a dead letter once more, as if it were new. False: there is none of that reference.
   * @throws ExchangeError `EXCHANGE_NOT_RUNNING`, `EXCHANGE_FULL`, `EXCHANGE_JOURNAL_FAILED`.
   */
  retry(reference: MessageRef): Promise<boolean>;
  /**
   * Forgets a dead letter. False: there is none of that reference.
   * @throws ExchangeError `EXCHANGE_NOT_RUNNING`, `EXCHANGE_JOURNAL_FAILED`.
   */
  drop(reference: MessageRef): Promise<boolean>;
  /**
   * Tells a partner that a message of ours counts no longer. An update, with another event in its place, is an `alert` or
   * a `request` with `supersedes`.
   * @throws ExchangeError also `EXCHANGE_FOREIGN_CONVERSATION` for a message that is not ours.
   */
  withdraw(message: Message, to: string, reason?: string): Promise<Message>;
  /** Resolves when no attempt and no answer is in flight. */
  settled(): Promise<void>;
  /** Those in memory, the quiet ones first. */
  conversations(): readonly ConversationState[];
  /** What partners have called a false positive since the start, by the statement that fired, the latest last. */
  falsePositives(): readonly FalsePositiveCount[];
  /** Unproven messages of partners whose policy is to record them, oldest first. */
  recorded(): readonly RecordedMessage[];
}
