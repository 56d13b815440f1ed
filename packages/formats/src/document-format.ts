import type { Message } from '@flowpact/event';
import type { Format, Loss } from './format.ts';
import { checkSize, type FormatsLimits, ownDocumentLimits, resolveFormatsLimits } from './formats-limits.ts';
import { type Addition, additionsBetween, withAdditions } from './model/addition.ts';
import { boundedLosses } from './model/loss-report.ts';
import { type Json, messageFromTree, messageToTree } from './model/message-json.ts';

/** What a document says: in the format's own fields (`tree`, a message in JSON form), and in its additional data. */
export interface ReadDocument {
  readonly tree: Json;
  readonly additions: readonly Addition[];
  readonly losses: readonly Loss[];
}

/** A format with fields of its own for much of a message, and a place for additional data. */
export interface DocumentMapping {
  /** The message in the format's own fields, the additions in its additional data. */
  write(message: Message, additions: readonly Addition[]): Uint8Array;
  /** @throws FormatsError */
  read(bytes: Uint8Array, limits: FormatsLimits): ReadDocument;
  /**
   * The tree of `read(write(message, []))`, where it can be had without the octets between: they are most of the work.
   */
  said?(message: Message): Json;
}

/**
 * A format that loses nothing. The message is written in the format's own fields; these are read back, and compared
 * with the message; whatever differs is added as additional data, field by field, under the name of the field.
 */
export function documentFormat(
  description: Pick<Format, 'name' | 'title' | 'mediaType' | 'fileExtension' | 'recognises'>,
  mapping: DocumentMapping,
): Format {
  return {
    ...description,

    encode(message) {
      const said =
        mapping.said === undefined
          ? mapping.read(mapping.write(message, []), ownDocumentLimits).tree
          : mapping.said(message);
      const additions = additionsBetween(said, messageToTree(message));
      const bytes = mapping.write(message, additions);
      return { bytes, losses: [], additional: additions.map(({ path }) => path) };
    },

    decode(bytes, limits) {
      const resolved = resolveFormatsLimits(limits);
      checkSize(bytes, resolved);
      const document = mapping.read(bytes, resolved);
      const { tree, refused } = withAdditions(document.tree, document.additions);
      const losses = [
        ...document.losses,
        ...refused.map(
          ({ path }): Loss => ({ path, effect: 'dropped', note: 'additional data for no field' }),
        ),
      ];
      return { message: messageFromTree(tree), losses: boundedLosses(losses, resolved.maxLosses) };
    },
  };
}

/** Before the name of the field in the name of additional data. */
export const additionPrefix = 'flowpact:';
