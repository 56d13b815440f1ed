import type { Message } from '@flowpact/event';

/** One language in which messages are written, e.g. FLEX. */
export interface MessageCodec {
  /** As named in `Partner.languages`. */
  readonly language: string;
  /** Lower case, without parameters. */
  readonly mediaType: string;
  /** With its dot, e.g. `.flex`. */
  readonly fileExtension: string;
  /** @throws anything, where the language cannot say the message. */
  encode(message: Message): Uint8Array;
  /** @throws anything, for bytes that are no message in this language; never for well-formed ones. */
  decode(bytes: Uint8Array): Message;
}
