import type { MessageRef } from '@flowpact/event';
import type { ExchangeError } from '../exchange-error.ts';
import type { MimeEntity } from '../mime/mime-entity.ts';
import type { PartnerRoute } from '../partner/partner.ts';

/** A file that travels. */
export interface Attachment {
  /** A file name as its sender wrote it; never to be used as a path. */
  readonly name?: string;
  /** Lower case, without parameters. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What a transport is to carry. It looks into none of it. */
export interface OutgoingDocument {
  readonly to: PartnerRoute;
  /** For the people who see the document pass: one line, and a page. */
  readonly summary: { readonly subject: string; readonly text: string };
  /** Of type `message/rfc822`: a mail with a header of its own, which mail carries as it is, and others as a file. */
  readonly attachment: Attachment & { readonly name: string };
  /** Names the document; every attempt to send it carries the same name. */
  readonly reference: MessageRef;
  readonly inReplyTo?: MessageRef;
  /** Summary and attachment as they were signed and encrypted: carried in their place, to the octet. */
  readonly entity?: MimeEntity;
}

/** What a transport brought. */
export interface IncomingDocument {
  /** The `kind` of the transport. */
  readonly transport: string;
  /** The address that it says it comes from; empty for the null sender of SMTP. */
  readonly envelopeFrom?: string;
  readonly envelopeTo: readonly string[];
  /** `Message-ID` with its angle brackets. */
  readonly mailMessageId?: string;
  /** The part for people, cut where long. */
  readonly text?: string;
  /** None where there is an entity to open first. */
  readonly attachments: readonly Attachment[];
  /** The mail that they are parts of, where it is one, with the header that its sender wrote. */
  readonly mail?: Uint8Array;
  /** The document where it is signed or encrypted as a whole, to the octet. */
  readonly entity?: MimeEntity;
}

/** What came and is no document. */
export interface RefusedDocument extends Pick<IncomingDocument, 'transport' | 'envelopeFrom'> {
  readonly error: ExchangeError;
}

/** What became of a document after the next hop had taken responsibility for it, as that hop or one after it tells. */
export interface DeliveryReport {
  /** The `kind` of the transport that brings it. */
  readonly transport: string;
  /** What the report says it is about. It may be forged. */
  readonly reference: MessageRef;
  /** Whom the document was for, as the transport spells addresses. */
  readonly recipient: string;
  /** `failed`: it will not arrive; `delayed`: it has not arrived yet; the others: it goes on its way (RFC 3464, section 2.3.3). */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
  /** E.g. `5.1.1` (RFC 3463); empty where there is none. */
  readonly status: string;
  /** What the mail system that refused it said. Anybody's words. */
  readonly diagnostic?: string;
}

/** The next hop has taken responsibility. */
export interface SendReceipt {
  readonly transport: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** What the next hop said, e.g. `250 OK`. */
  readonly response?: string;
}

/** Carries documents from one network to another and knows nothing of conversations. */
export interface Transport {
  /** As named in `PartnerRoute.transport`. */
  readonly kind: string;
  /** Opens what it listens on. */
  start(): Promise<void>;
  /** Closes everything; what is in flight gets a stated time to end. */
  stop(): Promise<void>;
  /**
   * Resolves when the next hop has taken responsibility.
   * @throws ExchangeError `EXCHANGE_SEND_FAILED`.
   */
  send(document: OutgoingDocument): Promise<SendReceipt>;
}

/**
 * What a transport is given. It acknowledges a document only after `onDocument` has resolved; a rejection with
 * `ExchangeError.permanent` refuses it for good, any other asks the sender to try again later.
 */
export interface TransportDeps {
  onDocument(document: IncomingDocument): Promise<void>;
  /** Told of what became of a document that was sent; acknowledged as a document is. */
  onDeliveryReport?(report: DeliveryReport): Promise<void>;
  /** Told of what the transport refused for good itself: too large, or not to be taken apart. */
  onRefused?(refused: RefusedDocument): void;
}

export type TransportFactory = (deps: TransportDeps) => Transport;
