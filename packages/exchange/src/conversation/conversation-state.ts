import type { Action, EventType, MessageKind, MessageRef, Outcome } from '@flowpact/event';

/** `pending`: in the outbox; `failed`: given up. */
export type Delivery = 'pending' | 'sent' | 'failed';

/** One message of a conversation, without its event. */
export type ConversationTurn = {
  readonly reference: MessageRef;
  readonly kind: MessageKind;
  readonly inReplyTo?: MessageRef;
  /** The message of the same sender that this one takes the place of. */
  readonly supersedes?: MessageRef;
  /** The message that has taken the place of this one: an update or a withdrawal. */
  readonly supersededBy?: MessageRef;
  /** False: the other side reads no language with a place for an answer, so that none is waited for. */
  readonly mayBeAnswered?: false;
  /** The other side has sent a feedback to it. */
  readonly isAnswered?: boolean;
  readonly eventType: EventType;
  /** The statement that fired (`detector.rule`). */
  readonly rule?: string;
  /** One line for a person. */
  readonly subject: string;
  readonly asks: readonly Action[];
  readonly outcome?: Pick<Outcome, 'status' | 'reason' | 'untilMs'>;
  /** When the sender wrote it, milliseconds since 1970, by its clock. */
  readonly createdMs: number;
  /** When we sent it or it came, milliseconds since 1970, by our clock. */
  readonly atMs: number;
} & ({ readonly direction: 'in' } | { readonly direction: 'out'; readonly delivery: Delivery });

/** A message that nothing proves to be its partner's: part of no conversation. */
export interface RecordedMessage {
  /** As whom it speaks. */
  readonly partner: string;
  readonly reference: MessageRef;
  readonly kind: MessageKind;
  /** One line for a person. */
  readonly subject: string;
  /** Why nothing is proven. */
  readonly reason: string;
  /** When it came, milliseconds since 1970, by our clock. */
  readonly atMs: number;
}

/** What two networks said to each other about one thing. */
export interface ConversationState {
  /** `Party.name`. */
  readonly partner: string;
  /** The first message known of it. */
  readonly root: MessageRef;
  /**
   * Of the last alert or request that still counts: `answered` by a feedback, `overdue` without one for too long, which
   * only ours can be. `withdrawn`: none counts any more.
   */
  readonly status: 'open' | 'answered' | 'overdue' | 'withdrawn';
  /** In the order in which we sent and received them. */
  readonly turns: readonly ConversationTurn[];
  /** Turns that were dropped from the middle to keep the limit. */
  readonly droppedTurns: number;
}
