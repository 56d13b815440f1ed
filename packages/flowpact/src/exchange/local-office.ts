import type { Message, MessageRef } from '@flowpact/event';
import {
  type ConversationTurn,
  type Exchange,
  type ExchangeJournal,
  type InboxEntry,
  type MessageCodec,
  type OutboxEntry,
  summarizeMessage,
} from '@flowpact/exchange';
import { FlowpactError } from '../flowpact-error.ts';
import type { ExchangeOffice } from './exchange-office.ts';
import { isSameReference } from './same-reference.ts';

export interface LocalOfficeDeps {
  readonly exchange: Exchange;
  /** That of the exchange. */
  readonly journal: ExchangeJournal;
  /** Of all languages that messages may be in. */
  readonly codecs: readonly MessageCodec[];
}

/** How much of a summary is made for one line. */
const summaryLimits = { maxEndpointsListed: 3, maxTextLength: 200 };

/** The office of an exchange that runs in this process. */
export function createLocalOffice({ exchange, journal, codecs }: LocalOfficeDeps): ExchangeOffice {
  type Entry = Pick<InboxEntry | OutboxEntry, 'language' | 'bytes' | 'reference'>;

  function decode({ language, bytes }: Entry): Message | undefined {
    try {
      return codecs.find((codec) => codec.language === language)?.decode(bytes);
    } catch {
      // Written by another version, or in a language that no partner reads any more: it still has a reference.
      return undefined;
    }
  }

  function subjectOf(entry: Entry): string {
    const message = decode(entry);
    return message === undefined
      ? `(in ${entry.language}, which cannot be read here)`
      : summarizeMessage(message, entry.language, summaryLimits).subject;
  }

  const item = (entry: OutboxEntry) => ({
    reference: entry.reference,
    partner: entry.partner,
    language: entry.language,
    octets: entry.bytes.length,
    atMs: entry.atMs,
    subject: subjectOf(entry),
  });

  /** A turn in memory, and with whom. */
  function turnOf(reference: MessageRef) {
    for (const { partner, turns } of exchange.conversations()) {
      const turn = turns.find((each) => isSameReference(each.reference, reference));
      if (turn !== undefined) return { turn, partner };
    }
    return undefined;
  }

  return {
    async outbox() {
      const failed = await journal.deadLetters();
      const pending = await journal.pending();
      return [
        ...failed.map(({ entry, failure }) => ({
          ...item(entry),
          state: 'failed' as const,
          reason: failure.reason,
        })),
        ...pending.map((entry) => ({ ...item(entry), state: 'pending' as const })),
      ];
    },
    async inbox() {
      const unhandled = await journal.unhandled();
      return [
        ...exchange.recorded().map(({ reference, partner, atMs, reason, subject }) => ({
          ...{ reference, partner, atMs, reason, subject },
          state: 'unproven' as const,
        })),
        ...unhandled.map((entry) => ({
          reference: entry.reference,
          partner: entry.partner,
          atMs: entry.atMs,
          state: 'unhandled' as const,
          subject: subjectOf(entry),
        })),
      ];
    },
    conversations: async () => exchange.conversations(),
    async message(reference) {
      const entries: Entry[] = [
        ...(await journal.pending()),
        ...(await journal.deadLetters()).map(({ entry }) => entry),
        ...(await journal.unhandled()),
      ];
      const found = entries.find((entry) => isSameReference(entry.reference, reference));
      return found === undefined ? undefined : decode(found);
    },
    retry: (reference) => exchange.retry(reference),
    drop: (reference) => exchange.drop(reference),
    async send(event, to, language) {
      const options = language === undefined ? {} : { language };
      return referenceOf(await exchange.alert(event, to, undefined, options));
    },
    async ask(event, asks, to) {
      return referenceOf(await exchange.request(event, asks, to));
    },
    async withdraw(reference, reason) {
      const { turn, partner } = turnOf(reference) ?? {};
      if (turn === undefined || partner === undefined) return undefined;
      const name = `${reference.sender}/${reference.id}`;
      if (turn.direction === 'in' || turn.kind === 'feedback') {
        throw new FlowpactError(
          'FLOWPACT_USAGE',
          `${name} is ${turn.direction === 'in' ? `one of ${partner}` : 'an answer'}: alerts and requests of our own are withdrawn`,
        );
      }
      if (turn.supersededBy !== undefined)
        throw new FlowpactError('FLOWPACT_USAGE', `${name} counts no longer already`);
      return referenceOf(await exchange.withdraw(messageOf(turn), partner, reason));
    },
    async answer(reference, answer) {
      const { turn } = turnOf(reference) ?? {};
      if (turn === undefined) return undefined;
      if (turn.direction === 'out' || turn.kind === 'feedback') {
        throw new FlowpactError(
          'FLOWPACT_USAGE',
          `${reference.sender}/${reference.id} is ${turn.direction === 'out' ? 'our own' : 'an answer'}: alerts and requests of partners are answered`,
        );
      }
      return referenceOf(await exchange.feedback(messageOf(turn), answer));
    },
  };
}

const referenceOf = ({ sender, id }: Message): MessageRef => ({ sender: sender.name, id });

/** Of the event itself memory has the type alone; what names the message says the rest. */
function messageOf({ kind, reference, createdMs, eventType }: ConversationTurn): Message {
  return {
    ...{ kind, id: reference.id, sender: { name: reference.sender }, createdMs },
    event: { type: eventType },
  };
}
