import type { Message, MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { CodecSet } from '../codec/codec-set.ts';
import { ExchangeError, type ExchangeErrorCode } from '../exchange-error.ts';
import type { InboxEntry } from '../journal/exchange-journal.ts';
import type { Partner } from '../partner/partner.ts';
import { isRouteOf, type PartnerDirectory } from '../partner/partner-directory.ts';
import type { IncomingDocument } from '../transport/transport.ts';
import type { Proof, Trust } from '../trust/trust.ts';

export interface Admitted {
  readonly message: Message;
  readonly partner: Partner;
  readonly entry: InboxEntry;
  /** Why nothing proves that the partner wrote it; undefined: it is to be acted on. */
  readonly unproven?: string;
}

export interface InboxDeps {
  readonly codecs: CodecSet;
  readonly partners: PartnerDirectory;
  readonly clock: Clock;
  /** Left out: partners are believed by their address. */
  readonly trust?: Trust;
  /** Whom one of our messages went to, where it is remembered. */
  readonly partnerOf: (reference: MessageRef) => string | undefined;
  /** Told of the sender and id as soon as they are read, whatever becomes of the message. */
  readonly onReference: (reference: MessageRef) => void;
}

/**
 * Looks at a document from the outside in, the cheap checks before the costly ones, and says whose message it is.
 * Rejects with ExchangeError, permanent, and the reason to refuse it.
 */
export async function admit(self: string, document: IncomingDocument, deps: InboxDeps): Promise<Admitted> {
  const { codecs, partners, clock, trust } = deps;
  const from = document.envelopeFrom ?? '';
  const candidates = partners.withRoute(document.transport, from);
  if (document.entity === undefined) codecs.checkOffer(document);
  // Before a decoder or a key sees a byte: strangers have nothing to say to them.
  if (candidates.length === 0) {
    throw refusal('EXCHANGE_UNKNOWN_PARTNER', `no partner has the address "${from}"`);
  }
  const opened = await trust?.open(document);
  if (opened !== undefined) checkCandidates(candidates, opened.proof, from);
  const { codec, bytes } = codecs.select(opened?.document ?? document);
  const message = codecs.decode(codec, bytes);
  const reference = { sender: message.sender.name, id: message.id };
  deps.onReference(reference);
  if (message.sender.name === self) {
    throw refusal('EXCHANGE_OWN_MESSAGE', `our own message ${message.id} came back from "${from}": a loop`);
  }
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
  const unproven = opened && missingProof(partner, opened.proof);
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
    ...(unproven === undefined ? {} : { unproven }),
  };
}

/** Before a decoder sees a byte: somebody with this address has to have signed, or be heard without. */
function checkCandidates(candidates: readonly Partner[], proof: Proof, from: string): void {
  switch (proof.kind) {
    case 'signed':
      if (candidates.some(({ party }) => proof.signers.includes(party.name))) return;
      throw refusal(
        'EXCHANGE_SENDER_MISMATCH',
        `${proof.signers.join(', ')} signed it, and "${from}" is another's address`,
      );
    case 'unsigned':
      if (candidates.some(({ unsigned }) => unsigned === 'record')) return;
      throw refusal('EXCHANGE_UNSIGNED', `a message from "${from}" has to be signed: ${proof.reason}`);
    default:
      throw proof satisfies never;
  }
}

/** Why the message is not to be acted on. */
function missingProof({ party, unsigned }: Partner, proof: Proof): string | undefined {
  switch (proof.kind) {
    case 'signed':
      if (proof.signers.includes(party.name)) return undefined;
      throw refusal(
        'EXCHANGE_SENDER_MISMATCH',
        `${proof.signers.join(', ')} signed a message that bears the name of ${party.name}`,
      );
    case 'unsigned':
      if (unsigned === 'record') return proof.reason;
      throw refusal('EXCHANGE_UNSIGNED', `a message of ${party.name} has to be signed: ${proof.reason}`);
    default:
      throw proof satisfies never;
  }
}

/** A partner may reply to us, in our conversations with it, and to itself; and take back its own words only. */
function checkReply(
  self: string,
  { conversation }: Message,
  { party }: Partner,
  partnerOf: InboxDeps['partnerOf'],
): void {
  const supersedes = conversation?.supersedes;
  if (supersedes !== undefined && supersedes.sender !== party.name) {
    throw refusal('EXCHANGE_FOREIGN_CONVERSATION', 'the message would supersede one of another sender');
  }
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

function refusal(code: ExchangeErrorCode, message: string): ExchangeError {
  return new ExchangeError(code, message, { permanent: true });
}
