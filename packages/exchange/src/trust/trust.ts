import type { IncomingDocument, OutgoingDocument } from '../transport/transport.ts';

/** What a document proves about its sender. */
export type Proof =
  | {
      readonly kind: 'signed';
      /** `Party.name` of each network that a key has signed; at least one. */
      readonly signers: readonly string[];
    }
  | {
      readonly kind: 'unsigned';
      /** Why nothing is proven, for a log. */
      readonly reason: string;
    };

export interface OpenedDocument {
  /** With the attachments that the proof is about, and no others. */
  readonly document: IncomingDocument;
  readonly proof: Proof;
}

/** Signs what leaves and tells who signed what comes. It knows networks by name and nothing of conversations. */
export interface Trust {
  /** Reads the keys. @throws ExchangeError `EXCHANGE_BAD_CONFIG` for one that cannot be read. */
  start(): Promise<void>;
  /**
   * The document as it may leave for this partner.
   * @throws ExchangeError `EXCHANGE_NO_KEY`, not permanent: the key that is missing can be configured.
   */
  protect(document: OutgoingDocument, partner: string): Promise<OutgoingDocument>;
  /**
   * @throws ExchangeError, permanent: `EXCHANGE_OWN_MESSAGE`, `EXCHANGE_BAD_SIGNATURE`, `EXCHANGE_KEY_REFUSED`, `EXCHANGE_SIGNATURE_TIME`,
   * `EXCHANGE_WRONG_RECIPIENT`, `EXCHANGE_UNDECRYPTABLE`, `EXCHANGE_BAD_MESSAGE`.
   */
  open(document: IncomingDocument): Promise<OpenedDocument>;
}
