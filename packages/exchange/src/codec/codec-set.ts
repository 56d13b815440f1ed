import type { Message } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import type { Attachment, IncomingDocument } from '../transport/transport.ts';
import type { MessageCodec } from './message-codec.ts';

/** The languages that we speak. */
export interface CodecSet {
  find(language: string): MessageCodec | undefined;
  /** @throws ExchangeError `EXCHANGE_BAD_MESSAGE`, permanent, with the codec's reason. */
  encode(codec: MessageCodec, message: Message): Uint8Array;
  /** @throws ExchangeError as `encode`. */
  decode(codec: MessageCodec, bytes: Uint8Array): Message;
  /**
   * The one attachment that is in a language that we speak.
   * @throws ExchangeError `EXCHANGE_NO_MESSAGE`, `EXCHANGE_SEVERAL_MESSAGES`, `EXCHANGE_BAD_MESSAGE` for one that is
   * too large; all of them permanent.
   */
  select(document: IncomingDocument): { readonly codec: MessageCodec; readonly bytes: Uint8Array };
}

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG` for two codecs of one language. */
export function createCodecSet(codecs: readonly MessageCodec[], maxMessageBytes: number): CodecSet {
  const byLanguage = new Map(codecs.map((codec) => [codec.language, codec]));
  if (byLanguage.size < codecs.length) {
    throw new ExchangeError('EXCHANGE_BAD_CONFIG', 'two codecs for one language', { permanent: true });
  }
  return {
    find: (language) => byLanguage.get(language),
    encode(codec, message) {
      let bytes: Uint8Array;
      try {
        bytes = codec.encode(message);
      } catch (cause) {
        throw badMessage(
          `message ${message.id} cannot be written as ${codec.language}: ${reason(cause)}`,
          cause,
        );
      }
      if (bytes.length > maxMessageBytes) throw tooLarge(bytes.length, maxMessageBytes);
      return bytes;
    },
    decode(codec, bytes) {
      try {
        return codec.decode(bytes);
      } catch (cause) {
        throw badMessage(`not a ${codec.language} message: ${reason(cause)}`, cause);
      }
    },
    select({ attachments }) {
      const found = attachments.flatMap((attachment) => {
        const codec = codecs.find((candidate) => isIn(candidate, attachment));
        return codec === undefined ? [] : [{ codec, bytes: attachment.bytes }];
      });
      const [first] = found;
      if (first === undefined) {
        const types = codecs.map(({ mediaType }) => mediaType).join(', ');
        throw new ExchangeError('EXCHANGE_NO_MESSAGE', `no attachment of type ${types}`, { permanent: true });
      }
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

/** By media type, or by file name where the media type was lost on the way. */
function isIn(codec: MessageCodec, { mediaType, name }: Attachment): boolean {
  if (mediaType === codec.mediaType) return true;
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
