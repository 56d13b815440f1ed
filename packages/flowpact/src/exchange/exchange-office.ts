import type { Ask, Message, MessageRef, OutcomeStatus, SecurityEvent } from '@flowpact/event';
import type { ConversationState } from '@flowpact/exchange';

/** A message of ours on its way, or given up. */
export interface OutboxItem {
  readonly reference: MessageRef;
  readonly partner: string;
  readonly language: string;
  readonly octets: number;
  /** When it was accepted for sending, milliseconds since 1970. */
  readonly atMs: number;
  readonly state: 'pending' | 'failed';
  /** Why it was given up. */
  readonly reason?: string;
  /** One line for a person. */
  readonly subject: string;
}

/** A partner's message that is not handled yet, or that nothing proves to be its own. */
export interface InboxItem {
  readonly reference: MessageRef;
  readonly partner: string;
  readonly atMs: number;
  readonly state: 'unhandled' | 'unproven';
  readonly reason?: string;
  readonly subject: string;
}

/** What a person has decided. */
export interface PersonsAnswer {
  readonly status: OutcomeStatus;
  /** For the people there. */
  readonly reason?: string;
}

/**
 * What people may see and do of an exchange while it runs: in the daemon itself, or in a command that asks the daemon.
 * Where a reference names nothing, the answer is undefined or false.
 */
export interface ExchangeOffice {
  outbox(): Promise<readonly OutboxItem[]>;
  inbox(): Promise<readonly InboxItem[]>;
  /** Those in memory, the quiet ones first. */
  conversations(): Promise<readonly ConversationState[]>;
  /** A message of the outbox or the inbox. */
  message(reference: MessageRef): Promise<Message | undefined>;
  /** Sends what was given up once more. */
  retry(reference: MessageRef): Promise<boolean>;
  /** Forgets what was given up. */
  drop(reference: MessageRef): Promise<boolean>;
  /**
   * Tells a partner of an event.
   * @param language In which; left out: the first that the partner reads.
   * @returns what names the message, which is in the journal
   */
  send(event: SecurityEvent, to: string, language?: string): Promise<MessageRef>;
  /**
   * Asks a partner to do something about an event.
   * @returns what names the request, which is in the journal
   */
  ask(event: SecurityEvent, asks: readonly Ask[], to: string): Promise<MessageRef>;
  /**
   * Tells the partner that an alert or a request of ours counts no longer: what it came to there is taken back.
   * @returns what names that; undefined where the message is in no conversation in memory
   * @throws FlowpactError `FLOWPACT_USAGE` for a message of a partner, an answer, and what counts no longer
   */
  withdraw(reference: MessageRef, reason?: string): Promise<MessageRef | undefined>;
  /**
   * A person's answer to an alert or a request of a partner, also where it was answered before.
   * @returns what names the answer; undefined where the message is in no conversation in memory
   * @throws FlowpactError `FLOWPACT_USAGE` for a message of our own, and for an answer
   */
  answer(reference: MessageRef, answer: PersonsAnswer): Promise<MessageRef | undefined>;
}
