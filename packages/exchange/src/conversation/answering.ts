import type { Message, MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { ExchangeJournal, InboxEntry, OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import type { Answer, ExchangeDeps, ExchangeLimits } from './exchange-config.ts';

export interface AnsweringDeps extends Pick<ExchangeDeps, 'decide' | 'onFeedback'> {
  readonly clock: Clock;
  readonly journal: ExchangeJournal;
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
  /** Whether another attempt may begin. */
  readonly isRunning: () => boolean;
  /** Another attempt has begun. */
  readonly onRetry: (attempt: Promise<void>) => void;
}

/** Takes received messages from `remember` to `markHandled`. */
export interface Answering {
  /**
   * Never rejects. A decision that cannot be written down for now, on a full disk or into a full outbox, is tried again
   * after pauses like those of the outbox, and at the next start at the latest.
   */
  handle(entry: InboxEntry, message: Message, partner: Partner): Promise<void>;
  /** How many messages of a partner are on their way. */
  countOf(partner: string): number;
  /** No attempt begins after this. */
  stop(): void;
}

export function createAnswering(
  limits: Pick<ExchangeLimits, 'retryMs' | 'maxRetryMs'>,
  deps: AnsweringDeps,
): Answering {
  const counts = new Map<string, number>();
  const pauses = new Set<NodeJS.Timeout>();

  async function decideOn(
    entry: InboxEntry,
    message: Message,
    partner: Partner,
  ): Promise<Answer | undefined> {
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

  /** It has no answer, ever: two machines cannot keep each other talking. */
  async function heed(
    entry: InboxEntry,
    feedback: Message,
    partner: Partner,
    failures: number,
  ): Promise<void> {
    try {
      await deps.onFeedback?.(feedback, partner);
    } catch (error) {
      deps.onFailed(entry, error);
      again(failures, () => heed(entry, feedback, partner, failures + 1));
      return;
    }
    await conclude(entry, undefined, partner, 0);
  }

  async function answer(entry: InboxEntry, message: Message, partner: Partner): Promise<void> {
    const decided = await decideOn(entry, message, partner);
    await conclude(entry, decided && deps.write(message, decided), partner, 0);
  }

  /** The same feedback in every attempt, so that nothing is decided twice. */
  async function conclude(
    entry: InboxEntry,
    feedback: Message | undefined,
    partner: Partner,
    failures: number,
  ): Promise<void> {
    try {
      await writeDown(entry, feedback, partner);
    } catch (error) {
      deps.onFailed(entry, error);
      if (!(error instanceof ExchangeError && error.permanent)) {
        again(failures, () => conclude(entry, feedback, partner, failures + 1));
      }
    }
  }

  function again(failures: number, attempt: () => Promise<void>): void {
    if (!deps.isRunning()) return;
    const longestMs = Math.min(limits.retryMs * 2 ** failures, limits.maxRetryMs);
    const pause = setTimeout(
      () => {
        pauses.delete(pause);
        deps.onRetry(attempt());
      },
      longestMs * (1 - Math.random() / 2),
    );
    pauses.add(pause);
  }

  async function writeDown(
    entry: InboxEntry,
    feedback: Message | undefined,
    partner: Partner,
  ): Promise<void> {
    const answered = feedback && deps.prepare(feedback, partner);
    // False where a decision outlived a stop, and the next start has answered in its place.
    const isFirst = await deps.journal.markHandled(entry.reference, answered);
    if (!isFirst || feedback === undefined) return;
    if (answered === undefined) deps.onUnanswerable(entry);
    else deps.onAnswered(feedback, answered, entry.reference);
  }

  return {
    async handle(entry, message, partner) {
      counts.set(entry.partner, (counts.get(entry.partner) ?? 0) + 1);
      try {
        if (message.kind === 'feedback') await heed(entry, message, partner, 0);
        else await answer(entry, message, partner);
      } catch (error) {
        deps.onFailed(entry, error);
      } finally {
        const others = (counts.get(entry.partner) ?? 1) - 1;
        if (others > 0) counts.set(entry.partner, others);
        else counts.delete(entry.partner);
      }
    },
    countOf: (partner) => counts.get(partner) ?? 0,
    stop() {
      for (const pause of pauses) clearTimeout(pause);
      pauses.clear();
    },
  };
}
