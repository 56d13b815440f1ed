import type { Message, MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { CodecSet } from '../codec/codec-set.ts';
import { ExchangeError } from '../exchange-error.ts';
import type { InboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import { isRouteOf, type PartnerDirectory } from '../partner/partner-directory.ts';
import type { IncomingDocument } from '../transport/transport.ts';

export interface Admitted {
  readonly message: Message;
  readonly partner: Partner;
  readonly entry: InboxEntry;
}

export interface InboxDeps {
  readonly codecs: CodecSet;
  readonly partners: PartnerDirectory;
  readonly clock: Clock;
  /** Whom one of our messages went to, where it is remembered. */
  readonly partnerOf: (reference: MessageRef) => string | undefined;
  /** Told of the sender and id as soon as they are read, whatever becomes of the message. */
  readonly onReference: (reference: MessageRef) => void;
}

/**
 * Looks at a document from the outside in, the cheap checks before the costly ones, and says whose message it is.
 * @throws ExchangeError, permanent, with the reason to refuse it.
 */
export function admit(self: string, document: IncomingDocument, deps: InboxDeps): Admitted {
  const { codecs, partners, clock } = deps;
  const from = document.envelopeFrom ?? '';
  const { codec, bytes } = codecs.select(document);
  // Before the decoder sees a byte: strangers have nothing to say to it.
  if (!partners.hasRoute(document.transport, from)) {
    throw refusal('EXCHANGE_UNKNOWN_PARTNER', `no partner has the address "${from}"`);
  }
  const message = codecs.decode(codec, bytes);
  const reference = { sender: message.sender.name, id: message.id };
  deps.onReference(reference);
  const partner = partners.find(message.sender.name);
  if (partner === undefined) {
    throw refusal(
      'EXCHANGE_UNKNOWN_PARTNER',
      `no partner has the name "${message.sender.name.slice(0, 200)}"`,
    );
  }
  if (!isRouteOf(partner, document.transport, from)) {
    throw refusal(
      'EXCHANGE_SENDER_MISMATCH',
      `"${from}" is not an address of ${partner.party.name}, whose name the message bears`,
    );
  }
  checkReply(self, message, partner, deps.partnerOf);
  return {
    message,
    partner,
    entry: {
      reference,
      partner: partner.party.name,
      language: codec.language,
      bytes,
      atMs: clock.now(),
    },
  };
}

/** A partner may reply to us, in our conversations with it, and to itself. */
function checkReply(
  self: string,
  { conversation }: Message,
  { party }: Partner,
  partnerOf: InboxDeps['partnerOf'],
): void {
  const inReplyTo = conversation?.inReplyTo;
  if (inReplyTo === undefined || inReplyTo.sender === party.name) return;
  const conversationWith =
    inReplyTo.sender === self ? (partnerOf(inReplyTo) ?? party.name) : inReplyTo.sender;
  if (conversationWith !== party.name) {
    throw refusal(
      'EXCHANGE_FOREIGN_CONVERSATION',
      'the message replies to one that its sender neither wrote nor received',
    );
  }
}

function refusal(
  code: 'EXCHANGE_UNKNOWN_PARTNER' | 'EXCHANGE_SENDER_MISMATCH' | 'EXCHANGE_FOREIGN_CONVERSATION',
  message: string,
): ExchangeError {
  return new ExchangeError(code, message, { permanent: true });
}
