import type { Message, MessageRef } from '@flowpact/event';
import { keyOf } from '../journal/entry-table.ts';
import { printable } from '../summary/printable.ts';
import type { ConversationState, ConversationTurn, Delivery } from './conversation-state.ts';

const maxReasonLength = 500;
const maxAsksKept = 20;

interface Conversation {
  readonly partner: string;
  readonly root: MessageRef;
  readonly turns: ConversationTurn[];
  droppedTurns: number;
}

export interface ConversationBookConfig {
  readonly maxConversations: number;
  readonly maxTurns: number;
}

/** What was said, by conversation: a bounded memory for people and pages, not the record of it. */
export class ConversationBook {
  readonly #config: ConversationBookConfig;
  readonly #onClosed: (conversation: { root: MessageRef; partner: string }) => void;
  /** By the key of the root, the quiet ones first. */
  readonly #conversations = new Map<string, Conversation>();
  /** By the key of every turn in memory. */
  readonly #byTurn = new Map<string, Conversation>();

  constructor(
    config: ConversationBookConfig,
    onClosed: (conversation: { root: MessageRef; partner: string }) => void,
  ) {
    this.#config = config;
    this.#onClosed = onClosed;
  }

  /** Whom the message went to or came from; undefined for one that is not in memory. */
  partnerOf(reference: MessageRef): string | undefined {
    return this.#byTurn.get(keyOf(reference))?.partner;
  }

  add(message: Message, partner: string, subject: string, atMs: number, way: 'in' | 'out'): void {
    const turn = turnOf(message, subject, atMs, way);
    const { inReplyTo } = turn;
    const answered = inReplyTo && this.#byTurn.get(keyOf(inReplyTo));
    const conversation =
      answered?.partner === partner
        ? answered
        : { partner, root: turn.reference, turns: [], droppedTurns: 0 };
    conversation.turns.push(turn);
    this.#byTurn.set(keyOf(turn.reference), conversation);
    // The first turn says what it is all about, so the second is the oldest that may go.
    while (conversation.turns.length > Math.max(2, this.#config.maxTurns)) {
      const [dropped] = conversation.turns.splice(1, 1);
      this.#byTurn.delete(keyOf(dropped!.reference));
      conversation.droppedTurns++;
    }
    const key = keyOf(conversation.root);
    this.#conversations.delete(key);
    this.#conversations.set(key, conversation);
    for (const [oldestKey, oldest] of this.#conversations) {
      if (this.#conversations.size <= this.#config.maxConversations) break;
      this.#conversations.delete(oldestKey);
      for (const { reference } of oldest.turns) this.#byTurn.delete(keyOf(reference));
      this.#onClosed({ root: oldest.root, partner: oldest.partner });
    }
  }

  setDelivery(reference: MessageRef, delivery: Delivery): void {
    const turns = this.#byTurn.get(keyOf(reference))?.turns;
    const index = turns?.findIndex((turn) => keyOf(turn.reference) === keyOf(reference)) ?? -1;
    const turn = turns?.[index];
    if (turns !== undefined && turn?.direction === 'out') turns[index] = { ...turn, delivery };
  }

  states(): readonly ConversationState[] {
    return [...this.#conversations.values()].map(({ partner, root, turns, droppedTurns }) => {
      const lastQuestion = turns.findLastIndex(({ kind }) => kind !== 'feedback');
      const lastAnswer = turns.findLastIndex(({ kind }) => kind === 'feedback');
      const status = lastAnswer > lastQuestion ? 'answered' : 'open';
      return { partner, root, status, turns: [...turns], droppedTurns };
    });
  }
}

function turnOf(message: Message, subject: string, atMs: number, way: 'in' | 'out'): ConversationTurn {
  const { conversation } = message;
  const outcome = conversation?.outcome;
  const turn = {
    reference: { sender: message.sender.name, id: message.id },
    kind: message.kind,
    ...(conversation?.inReplyTo === undefined ? {} : { inReplyTo: conversation.inReplyTo }),
    eventType: message.event.type,
    subject,
    asks: (conversation?.asks ?? []).slice(0, maxAsksKept).map(({ action }) => action),
    ...(outcome === undefined
      ? {}
      : {
          outcome: {
            status: outcome.status,
            ...(outcome.reason === undefined ? {} : { reason: printable(outcome.reason, maxReasonLength) }),
            ...(outcome.untilMs === undefined ? {} : { untilMs: outcome.untilMs }),
          },
        }),
    createdMs: message.createdMs,
    atMs,
  };
  return way === 'in' ? { ...turn, direction: 'in' } : { ...turn, direction: 'out', delivery: 'pending' };
}
