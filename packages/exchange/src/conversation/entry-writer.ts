import type { Message, MessageKind } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { CodecSet } from '../codec/codec-set.ts';
import { canSay, type LossReport, type MessageCodec } from '../codec/message-codec.ts';
import type { OutboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';

/** Makes outbox entries of messages, in a language that their receiver reads. */
export interface EntryWriter {
  /**
   * @param language In which; left out: the first of the partner's that has a place for the message.
   * @throws ExchangeError `EXCHANGE_NO_ROUTE`, `EXCHANGE_BAD_MESSAGE`.
   */
  write(
    message: Message,
    partner: Partner,
    language?: string,
  ): { readonly entry: OutboxEntry; readonly losses?: LossReport };
  /** Whether the two can converse: a partner that reads abuse reports alone is told, and never answered. */
  canAnswer(partner: Partner): boolean;
}

export function createEntryWriter(
  self: string,
  deps: {
    readonly codecs: CodecSet;
    readonly clock: Clock;
    /** @throws ExchangeError `EXCHANGE_NO_ROUTE`. */
    readonly languageFor: (partner: Partner, kind: MessageKind, language?: string) => MessageCodec;
  },
): EntryWriter {
  return {
    write(message, partner, language) {
      const codec = deps.languageFor(partner, message.kind, language);
      let losses: LossReport | undefined;
      const bytes = deps.codecs.encode(codec, message, (report) => {
        losses = report;
      });
      const entry = {
        reference: { sender: self, id: message.id },
        partner: partner.party.name,
        language: codec.language,
        bytes,
        atMs: deps.clock.now(),
      };
      return { entry, ...(losses === undefined ? {} : { losses }) };
    },
    canAnswer({ languages }) {
      const spoken = languages.flatMap((language) => deps.codecs.find(language) ?? []);
      return spoken.length === 0 || spoken.some((codec) => canSay(codec, 'feedback'));
    },
  };
}
