import type { Message } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import type { InboxEntry, OutboxEntry } from '../journal/exchange-journal.ts';
import type { Attachment, IncomingDocument } from '../transport/transport.ts';
import { type LossReport, type MessageCodec, mailMediaType } from './message-codec.ts';

interface Written {
  readonly codec: MessageCodec;
  readonly bytes: Uint8Array;
}

/** The languages that we speak. */
export interface CodecSet {
  find(language: string): MessageCodec | undefined;
  /** Of all that messages can be written in. */
  readonly languages: readonly string[];
  /** @throws ExchangeError `EXCHANGE_BAD_MESSAGE`, permanent, with the codec's reason. */
  encode(codec: MessageCodec, message: Message, onLosses?: (report: LossReport) => void): Uint8Array;
  /** @throws ExchangeError as `encode`. */
  decode(codec: MessageCodec, bytes: Uint8Array): Message;
  /**
   * The message of an entry, under the reference of the entry, which not every language can say.
   * @throws ExchangeError as `decode`, and `EXCHANGE_NO_ROUTE` where no codec speaks the entry's language.
   */
  read(entry: OutboxEntry | InboxEntry): { readonly codec: MessageCodec; readonly message: Message };
  /**
   * Whether, by media type alone, something in the document may be in a language that we speak.
   * @throws ExchangeError `EXCHANGE_NO_MESSAGE`, permanent.
   */
  checkOffer(document: IncomingDocument): void;
  /**
   * The one attachment that is in a language that we speak, or else the mail as a whole.
   * @throws ExchangeError `EXCHANGE_NO_MESSAGE`, `EXCHANGE_SEVERAL_MESSAGES`, `EXCHANGE_BAD_MESSAGE` for one that is
   * too large; all of them permanent.
   */
  select(document: IncomingDocument): Written;
}

/**
 * @param outgoing Languages that messages are written in, too; nothing that comes in them is taken.
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG` for two codecs of one language.
 */
export function createCodecSet(
  codecs: readonly MessageCodec[],
  maxMessageBytes: number,
  outgoing: readonly MessageCodec[] = [],
): CodecSet {
  const byLanguage = new Map([...codecs, ...outgoing].map((codec) => [codec.language, codec]));
  if (byLanguage.size < codecs.length + outgoing.length) {
    throw new ExchangeError('EXCHANGE_BAD_CONFIG', 'two codecs for one language', { permanent: true });
  }
  const mailCodecs = codecs.filter(({ mediaType }) => mediaType === mailMediaType);
  const otherCodecs = codecs.filter(({ mediaType }) => mediaType !== mailMediaType);

  /** The attachments that may be in one of these languages, and which. */
  function offered(
    candidates: readonly MessageCodec[],
    attachments: readonly Attachment[],
  ): { attachment: Attachment; codecs: readonly MessageCodec[] }[] {
    return attachments
      .map((attachment) => ({ attachment, codecs: candidates.filter((codec) => isIn(codec, attachment)) }))
      .filter((offer) => offer.codecs.length > 0);
  }

  function within(candidates: readonly MessageCodec[], attachments: readonly Attachment[]): Written[] {
    return offered(candidates, attachments).flatMap(({ attachment: { bytes }, codecs: possible }) => {
      const codec = recognising(possible, bytes);
      return codec === undefined ? [] : [{ codec, bytes }];
    });
  }

  /** Behind the attachments: a report by mail may have several that are parts of it. */
  function asWhole({ mail }: IncomingDocument): Written[] {
    const codec = mail && recognising(mailCodecs, mail);
    return codec === undefined ? [] : [{ codec, bytes: mail! }];
  }

  function decode(codec: MessageCodec, bytes: Uint8Array): Message {
    try {
      return codec.decode(bytes);
    } catch (cause) {
      throw badMessage(`not a ${codec.language} message: ${reason(cause)}`, cause);
    }
  }

  function noMessage(): ExchangeError {
    const types = [...new Set(codecs.map(({ mediaType }) => mediaType))].join(', ');
    return new ExchangeError('EXCHANGE_NO_MESSAGE', `no attachment of type ${types}`, { permanent: true });
  }

  return {
    find: (language) => byLanguage.get(language),
    languages: [...byLanguage.keys()],
    encode(codec, message, onLosses) {
      let bytes: Uint8Array;
      try {
        bytes = codec.encode(message, onLosses);
      } catch (cause) {
        throw badMessage(
          `message ${message.id} cannot be written as ${codec.language}: ${reason(cause)}`,
          cause,
        );
      }
      if (bytes.length > maxMessageBytes) throw tooLarge(bytes.length, maxMessageBytes);
      return bytes;
    },
    decode,
    read({ reference, language, bytes }) {
      const codec = byLanguage.get(language);
      if (codec === undefined) throw new ExchangeError('EXCHANGE_NO_ROUTE', `no codec speaks ${language}`);
      const message = decode(codec, bytes);
      if (message.id === reference.id && message.sender.name === reference.sender) return { codec, message };
      const sender = { ...message.sender, name: reference.sender };
      return { codec, message: { ...message, id: reference.id, sender } };
    },
    checkOffer({ attachments, mail }) {
      if (mail !== undefined && mailCodecs.length > 0) return;
      if (offered(codecs, attachments).length === 0) throw noMessage();
    },
    select(document) {
      const { attachments } = document;
      let found = within(otherCodecs, attachments);
      if (found.length === 0) found = asWhole(document);
      if (found.length === 0) found = within(mailCodecs, attachments);
      const [first] = found;
      if (first === undefined) throw noMessage();
      if (found.length > 1) {
        throw new ExchangeError(
          'EXCHANGE_SEVERAL_MESSAGES',
          `${found.length} messages in one document; send each in one of its own`,
          { permanent: true },
        );
      }
      if (first.bytes.length > maxMessageBytes) throw tooLarge(first.bytes.length, maxMessageBytes);
      return first;
    },
  };
}

function recognising(codecs: readonly MessageCodec[], bytes: Uint8Array): MessageCodec | undefined {
  return codecs.find((codec) => codec.recognises === undefined || codec.recognises(bytes));
}

/** By media type, or by file name where the media type was lost on the way. */
function isIn(codec: MessageCodec, { mediaType, name }: Attachment): boolean {
  if (mediaType === codec.mediaType) return true;
  // RFC 7303, section 4.1: the same thing.
  if (mediaType === 'text/xml') return codec.mediaType === 'application/xml';
  return (
    mediaType === 'application/octet-stream' && name?.toLowerCase().endsWith(codec.fileExtension) === true
  );
}

function tooLarge(bytes: number, maxMessageBytes: number): ExchangeError {
  return badMessage(`a message of ${bytes} bytes exceeds maxMessageBytes, ${maxMessageBytes}`);
}

function badMessage(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_MESSAGE', message, { permanent: true, cause });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
