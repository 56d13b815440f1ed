import type { Message, MessageKind } from '@flowpact/event';
import type { Loss } from '@flowpact/formats';

/** What of a message its bytes do not say in the language's own words. */
export interface LossReport {
  /** What is not said at all, or only nearly. */
  readonly losses: readonly Loss[];
  /** Fields that travel as additional data: Flowpact reads them, others may pass over them. */
  readonly additional: readonly string[];
}

/** One language in which messages are written, e.g. FLEX. */
export interface MessageCodec {
  /** As named in `Partner.languages`. */
  readonly language: string;
  /**
   * Lower case, without parameters. `message/rfc822`: the bytes are a mail with a header of its own, which a transport
   * by mail carries as it is.
   */
  readonly mediaType: string;
  /** With its dot, e.g. `.flex`. */
  readonly fileExtension: string;
  /** What every reader of the language takes for what it is. Left out: all kinds of messages. */
  readonly kinds?: readonly MessageKind[];
  /** Whether bytes of this media type are in this language, where several share it. Left out: they are. */
  recognises?(bytes: Uint8Array): boolean;
  /**
   * @param onLosses Told what the bytes do not say, where there is anything.
   * @throws anything, where the language cannot say the message.
   */
  encode(message: Message, onLosses?: (report: LossReport) => void): Uint8Array;
  /** @throws anything, for bytes that are no message in this language; never for well-formed ones. */
  decode(bytes: Uint8Array): Message;
}

/** A mail with a header of its own. */
export const mailMediaType = 'message/rfc822';

export function canSay(codec: MessageCodec, kind: MessageKind): boolean {
  return codec.kinds === undefined || codec.kinds.includes(kind);
}
