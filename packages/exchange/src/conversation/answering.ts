import type { Message, MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { ExchangeJournal, InboxEntry, OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import type { Answer, Decide } from './exchange-config.ts';

export interface AnsweringDeps {
  readonly clock: Clock;
  readonly journal: ExchangeJournal;
  readonly decide?: Decide;
  /** The message that has taken the place of another, where it came first. */
  readonly supersededBy: (reference: MessageRef) => MessageRef | undefined;
  readonly write: (inReplyTo: Message, answer: Answer) => Message;
  /**
   * Undefined: the partner reads no language that has a place for an answer.
   * @throws ExchangeError where the partner cannot be written to.
   */
  readonly prepare: (answer: Message, partner: Partner) => OutboxEntry | undefined;
  /** What was decided cannot be said. */
  readonly onUnanswerable: (entry: InboxEntry) => void;
  /** The answer is in the journal. */
  readonly onAnswered: (answer: Message, entry: OutboxEntry, inReplyTo: MessageRef) => void;
  readonly onFailed: (entry: InboxEntry, error: unknown) => void;
}

/** Takes received messages from `remember` to `markHandled`. */
export interface Answering {
  /** Never rejects. Whatever fails leaves the entry in the inbox for the next start. */
  handle(entry: InboxEntry, message: Message, partner: Partner): Promise<void>;
  /** How many messages of a partner are on their way. */
  countOf(partner: string): number;
}

export function createAnswering(deps: AnsweringDeps): Answering {
  const counts = new Map<string, number>();

  /** A feedback has no answer, ever: two machines cannot keep each other talking. */
  async function decideOn(
    entry: InboxEntry,
    message: Message,
    partner: Partner,
  ): Promise<Answer | undefined> {
    if (message.kind === 'feedback') return undefined;
    const later = deps.supersededBy(entry.reference);
    if (later !== undefined)
      return { status: 'withdrawn', reason: `your message ${later.id} takes its place` };
    const expiresMs = message.conversation?.expiresMs;
    if (expiresMs !== undefined && expiresMs <= deps.clock.now()) {
      return {
        status: 'expired',
        reason: `it came after it had expired, at ${new Date(expiresMs).toISOString()}`,
      };
    }
    if (deps.decide === undefined) return { status: 'received' };
    try {
      return await deps.decide(message, partner);
    } catch (error) {
      deps.onFailed(entry, error);
      return { status: 'received' };
    }
  }

  async function answer(entry: InboxEntry, message: Message, partner: Partner): Promise<void> {
    const decided = await decideOn(entry, message, partner);
    if (decided === undefined) {
      await deps.journal.markHandled(entry.reference);
      return;
    }
    const feedback = deps.write(message, decided);
    const feedbackEntry = deps.prepare(feedback, partner);
    if (feedbackEntry === undefined) {
      if (await deps.journal.markHandled(entry.reference)) deps.onUnanswerable(entry);
      return;
    }
    // False where a decision outlived a stop, and the next start has answered in its place.
    if (await deps.journal.markHandled(entry.reference, feedbackEntry)) {
      deps.onAnswered(feedback, feedbackEntry, entry.reference);
    }
  }

  return {
    async handle(entry, message, partner) {
      counts.set(entry.partner, (counts.get(entry.partner) ?? 0) + 1);
      try {
        await answer(entry, message, partner);
      } catch (error) {
        deps.onFailed(entry, error);
      } finally {
        const others = (counts.get(entry.partner) ?? 1) - 1;
        if (others > 0) counts.set(entry.partner, others);
        else counts.delete(entry.partner);
      }
    },
    countOf: (partner) => counts.get(partner) ?? 0,
  };
}
