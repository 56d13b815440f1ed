import type { Action, EventType, MessageKind, MessageRef, Outcome } from '@flowpact/event';

/** `pending`: in the outbox; `failed`: given up. */
export type Delivery = 'pending' | 'sent' | 'failed';

/** One message of a conversation, without its event. */
export type ConversationTurn = {
  readonly reference: MessageRef;
  readonly kind: MessageKind;
  readonly inReplyTo?: MessageRef;
  readonly eventType: EventType;
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
  /** `answered`: the last alert or request in it has had a feedback. */
  readonly status: 'open' | 'answered';
  /** In the order in which we sent and received them. */
  readonly turns: readonly ConversationTurn[];
  /** Turns that were dropped from the middle to keep the limit. */
  readonly droppedTurns: number;
}
