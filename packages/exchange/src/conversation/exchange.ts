import type { Ask, Message, MessageRef, Outcome, SecurityEvent } from '@flowpact/event';
import type { ConversationState } from './conversation-state.ts';

/** Where a message stands. */
export interface Place {
  readonly inReplyTo?: MessageRef;
  readonly related?: readonly MessageRef[];
  readonly supersedes?: MessageRef;
  /** Milliseconds since 1970. */
  readonly expiresMs?: number;
}

/**
 * A network's end of its conversations. `alert`, `request` and `feedback` resolve when the message is in the journal:
 * from then on it will be sent, also after a crash; the attempt follows at once and is told by `onEvent`.
 */
export interface Exchange {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Tells a partner (`Party.name`) of an event. */
  alert(event: SecurityEvent, to: string, place?: Place): Promise<Message>;
  /** Asks a partner to do something about an event. */
  request(event: SecurityEvent, asks: readonly Ask[], to: string, place?: Place): Promise<Message>;
  /** Answers a partner's message. */
  feedback(inReplyTo: Message, outcome: Outcome): Promise<Message>;
  /** Resolves when no attempt and no answer is in flight. */
  settled(): Promise<void>;
  /** Those in memory, the quiet ones first. */
  conversations(): readonly ConversationState[];
}
