export type ExchangeErrorCode =
  /** The configuration cannot work: the message names the field. */
  | 'EXCHANGE_BAD_CONFIG'
  /** No partner is known by that name, or from that address. */
  | 'EXCHANGE_UNKNOWN_PARTNER'
  /** The message claims a sender that the address it came from does not belong to. */
  | 'EXCHANGE_SENDER_MISMATCH'
  /** Nothing proves who wrote it, and the partner's messages are to be signed. */
  | 'EXCHANGE_UNSIGNED'
  /** The signature does not hold: the document is another, or the signature none. */
  | 'EXCHANGE_BAD_SIGNATURE'
  /** Signed with a key that is revoked, expired, or does not count yet. */
  | 'EXCHANGE_KEY_REFUSED'
  /** Signed too long ago, or in our future. */
  | 'EXCHANGE_SIGNATURE_TIME'
  /** Signed for another receiver. */
  | 'EXCHANGE_WRONG_RECIPIENT'
  /** Encrypted, and no key of ours opens it. */
  | 'EXCHANGE_UNDECRYPTABLE'
  /** A message of ours that came back. */
  | 'EXCHANGE_OWN_MESSAGE'
  /** No key of ours can sign, or none of the partner's be encrypted to; it waits until one is configured. */
  | 'EXCHANGE_NO_KEY'
  /** The partner has no route that a configured transport can use, or no language that a codec speaks. */
  | 'EXCHANGE_NO_ROUTE'
  /** Nothing in the document is in a language that a codec speaks. */
  | 'EXCHANGE_NO_MESSAGE'
  /** More than one message in one document. */
  | 'EXCHANGE_SEVERAL_MESSAGES'
  /** The document or the message in it cannot be decoded. */
  | 'EXCHANGE_BAD_MESSAGE'
  /** The reply points into a conversation with somebody else. */
  | 'EXCHANGE_FOREIGN_CONVERSATION'
  /** A message of that sender and id is known already, with other content. */
  | 'EXCHANGE_ID_REUSED'
  /** A file that is no invitation, not whole, too old, or not signed with the keys in it. */
  | 'EXCHANGE_BAD_INVITATION'
  /** A stated limit is reached; try again later. */
  | 'EXCHANGE_FULL'
  /** Not started, or stopping. */
  | 'EXCHANGE_NOT_RUNNING'
  /** The transport could not deliver; `permanent` says whether another attempt makes sense. */
  | 'EXCHANGE_SEND_FAILED'
  /** The journal cannot be read or written. */
  | 'EXCHANGE_JOURNAL_FAILED';

/**
 * Every error that this package throws. `permanent`: the same attempt would fail again (SMTP 5xx); otherwise a later
 * one may succeed (SMTP 4xx).
 */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly code: ExchangeErrorCode;
  readonly permanent: boolean;

  constructor(
    code: ExchangeErrorCode,
    message: string,
    options: { permanent?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.permanent = options.permanent ?? false;
  }
}
