import type { Message } from '@flowpact/event';
import type { FormatsError } from './formats-error.ts';
import type { FormatsLimits } from './formats-limits.ts';

export const formatNames = [
  'flex',
  'json',
  'iodef1',
  'iodef2',
  'idmef',
  'idea',
  'stix',
  'misp',
  'arf',
  'xarf',
  'xarf-0.1',
  'xarf-bulk',
  'xarf4',
  'xarf4-mail',
  'flex-mail',
] as const;
export type FormatName = (typeof formatNames)[number];

/** One thing that a translation did not bring over as it was. */
export interface Loss {
  /**
   * On writing: the field of the model, e.g. `event.targets[0].asn`. On reading: the place in the document, as its
   * format names it, e.g. `IODEF-Document/Incident/History`.
   */
  readonly path: string;
  /** `approximated`: something near it is there; `dropped`: nothing of it is. */
  readonly effect: 'approximated' | 'dropped';
  /** For a person: why, or what is there instead. */
  readonly note: string;
}

export interface Encoded {
  readonly bytes: Uint8Array;
  /** What the octets do not say. `decode(bytes)` is the message in everything else. */
  readonly losses: readonly Loss[];
  /**
   * Fields of the model that the format has no place for (or no place as exact), and that travel as its additional data
   * therefore: Flowpact reads them back, another reader may pass over them.
   */
  readonly additional: readonly string[];
}

export interface Decoded {
  /** Valid as `parseMessage` of the event package has it. */
  readonly message: Message;
  /** What the document says and the message does not. */
  readonly losses: readonly Loss[];
}

/** An event of a document that cannot be read, where others of the same document may be. */
export interface Undecoded {
  readonly error: FormatsError;
}

/** One format, in both directions: strict in what it writes, lenient in what it reads. */
export interface Format {
  readonly name: FormatName;
  readonly title: string;
  readonly mediaType: string;
  /** With the dot. */
  readonly fileExtension: string;
  /** The document that says what a valid message says. */
  encode(message: Message): Encoded;
  /**
   * The first event of the document; those after it are among the losses.
   * @throws FormatsError for what is not this format, is broken, or is beyond a limit; nothing else.
   */
  decode(bytes: Uint8Array, limits?: Partial<FormatsLimits>): Decoded;
  /**
   * Every event of the document in its order, at least one. Of several each stands for itself: one that is broken does
   * not keep the others from being read. What of the document belongs to none of them is lost with the first.
   * @throws FormatsError as `decode`, where the document as a whole or its only event cannot be read
   */
  decodeAll(bytes: Uint8Array, limits?: Partial<FormatsLimits>): readonly (Decoded | Undecoded)[];
  /** Whether the octets look like this format, judged by their first KiB or their outermost names. Never throws. */
  recognises(bytes: Uint8Array): boolean;
}
