import type { Message, MessageRef } from '@flowpact/event';
import { keyOf } from '../journal/entry-table.ts';
import type { ConversationState, ConversationTurn, Delivery } from './conversation-state.ts';
import { isWaitedFor, openQuestion, statusOf } from './conversation-status.ts';
import { turnOf } from './conversation-turn.ts';

interface Conversation {
  readonly partner: string;
  readonly root: MessageRef;
  readonly turns: ConversationTurn[];
  droppedTurns: number;
  /** The key of the last question that was told to be overdue. */
  toldOverdue?: string;
}

export interface ConversationBookConfig {
  readonly maxConversations: number;
  readonly maxTurns: number;
  /** As in `ExchangeLimits`. */
  readonly answerWithinMs: number;
}

/** What was said, by conversation: a bounded memory for people and pages, not the record of it. */
export class ConversationBook {
  readonly #config: ConversationBookConfig;
  readonly #onClosed: (conversation: { root: MessageRef; partner: string }) => void;
  /** By the key of the root, the quiet ones first. */
  readonly #conversations = new Map<string, Conversation>();
  /** By the key of every turn in memory. */
  readonly #byTurn = new Map<string, Conversation>();
  /** By the key of what counts no longer, which may come after what takes its place. */
  readonly #successors = new Map<string, { readonly by: MessageRef; readonly conversation: Conversation }>();

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

  /** What has taken the place of a message; undefined where it still counts, as far as memory goes. */
  supersededBy(reference: MessageRef): MessageRef | undefined {
    return this.#successors.get(keyOf(reference))?.by;
  }

  /**
   * @param mayBeAnswered False for a message of ours whose receiver reads no language with a place for an answer.
   * @returns the statement that the message calls a false positive of for the first time
   */
  add(
    message: Message,
    partner: string,
    subject: string,
    atMs: number,
    way: 'in' | 'out',
    mayBeAnswered = true,
  ): { readonly rule?: string } | undefined {
    const made = turnOf(message, subject, atMs, way);
    const turn = this.#placed(mayBeAnswered ? made : { ...made, mayBeAnswered });
    const conversation = this.#conversationOf(turn, partner);
    const falsePositive = falsePositiveOf(turn, conversation, message);
    conversation.turns.push(turn);
    this.#byTurn.set(keyOf(turn.reference), conversation);
    if (turn.kind === 'feedback' && turn.inReplyTo !== undefined) {
      replace(conversation, turn.inReplyTo, (question) =>
        question.direction === turn.direction ? question : { ...question, isAnswered: true },
      );
    }
    if (turn.supersedes !== undefined) {
      this.#successors.set(keyOf(turn.supersedes), { by: turn.reference, conversation });
      replace(conversation, turn.supersedes, (old) => ({ ...old, supersededBy: turn.reference }));
    }
    // The first turn says what it is all about, so the second is the oldest that may go.
    while (conversation.turns.length > Math.max(2, this.#config.maxTurns)) {
      const [dropped] = conversation.turns.splice(1, 1);
      this.#forget(dropped!);
      conversation.droppedTurns++;
    }
    const key = keyOf(conversation.root);
    this.#conversations.delete(key);
    this.#conversations.set(key, conversation);
    for (const [oldestKey, oldest] of this.#conversations) {
      if (this.#conversations.size <= this.#config.maxConversations) break;
      this.#conversations.delete(oldestKey);
      for (const left of oldest.turns) this.#forget(left);
      this.#onClosed({ root: oldest.root, partner: oldest.partner });
    }
    return falsePositive;
  }

  /** Whether the other side has answered the message. */
  isAnswered(reference: MessageRef): boolean {
    const key = keyOf(reference);
    const turn = this.#byTurn.get(key)?.turns.find((known) => keyOf(known.reference) === key);
    return turn?.isAnswered === true;
  }

  setDelivery(reference: MessageRef, delivery: Delivery): void {
    const conversation = this.#byTurn.get(keyOf(reference));
    if (conversation === undefined) return;
    replace(conversation, reference, (turn) => (turn.direction === 'out' ? { ...turn, delivery } : turn));
  }

  /** When the first question of ours that is not told yet will be overdue, milliseconds since 1970. */
  nextDueMs(): number | undefined {
    let first: number | undefined;
    for (const { turns, toldOverdue } of this.#conversations.values()) {
      const question = openQuestion(turns);
      if (question === undefined || !isWaitedFor(question)) continue;
      const dueMs = question.atMs + this.#config.answerWithinMs;
      if (toldOverdue !== keyOf(question.reference) && dueMs < (first ?? Infinity)) first = dueMs;
    }
    return first;
  }

  /** The questions of ours that are overdue and were not told before. */
  takeOverdue(nowMs: number): readonly OverdueQuestion[] {
    const overdue: OverdueQuestion[] = [];
    for (const conversation of this.#conversations.values()) {
      const { turns, root, partner } = conversation;
      if (statusOf(turns, nowMs, this.#config.answerWithinMs) !== 'overdue') continue;
      const { reference } = openQuestion(turns)!;
      if (conversation.toldOverdue === keyOf(reference)) continue;
      conversation.toldOverdue = keyOf(reference);
      overdue.push({ reference, root, partner });
    }
    return overdue;
  }

  states(nowMs: number): readonly ConversationState[] {
    return [...this.#conversations.values()].map(({ partner, root, turns, droppedTurns }) => {
      const status = statusOf(turns, nowMs, this.#config.answerWithinMs);
      return { partner, root, status, turns: [...turns], droppedTurns };
    });
  }

  #placed(turn: ConversationTurn): ConversationTurn {
    const supersededBy = this.supersededBy(turn.reference);
    return supersededBy === undefined ? turn : { ...turn, supersededBy };
  }

  /** By what it answers, by what it takes the place of, or by what has taken its own place. */
  #conversationOf({ reference, inReplyTo, supersedes }: ConversationTurn, partner: string): Conversation {
    const candidates = [
      inReplyTo && this.#byTurn.get(keyOf(inReplyTo)),
      supersedes && this.#byTurn.get(keyOf(supersedes)),
      this.#successors.get(keyOf(reference))?.conversation,
    ];
    const known = candidates.find((candidate) => candidate?.partner === partner);
    return known ?? { partner, root: reference, turns: [], droppedTurns: 0 };
  }

  #forget({ reference, supersedes }: ConversationTurn): void {
    this.#byTurn.delete(keyOf(reference));
    if (supersedes !== undefined) this.#successors.delete(keyOf(supersedes));
  }
}

interface OverdueQuestion {
  readonly reference: MessageRef;
  readonly root: MessageRef;
  readonly partner: string;
}

function replace(
  { turns }: Conversation,
  reference: MessageRef,
  change: (turn: ConversationTurn) => ConversationTurn,
): void {
  const index = turns.findIndex((turn) => keyOf(turn.reference) === keyOf(reference));
  const turn = turns[index];
  if (turn !== undefined) turns[index] = change(turn);
}

/** Where a partner says so of a message of ours, and has not said so of the same one before. */
function falsePositiveOf(
  { direction, outcome, inReplyTo }: ConversationTurn,
  { partner, turns }: Conversation,
  { event }: Message,
): { readonly rule?: string } | undefined {
  if (direction !== 'in' || outcome?.status !== 'falsePositive' || inReplyTo === undefined) return undefined;
  if (inReplyTo.sender === partner) return undefined;
  const key = keyOf(inReplyTo);
  const isAboutIt = (turn: ConversationTurn) => turn.inReplyTo !== undefined && keyOf(turn.inReplyTo) === key;
  if (turns.some((turn) => turn.outcome?.status === 'falsePositive' && isAboutIt(turn))) return undefined;
  const ours = turns.find(({ reference }) => keyOf(reference) === key);
  // Where memory has lost the alert, what the partner repeats of it has to do.
  const rule = ours === undefined ? event.detector?.rule : ours.rule;
  return rule === undefined ? {} : { rule };
}
