import type { Message } from '@flowpact/event';
import { decodeEach } from './decode-each.ts';
import type { Decoded, Format, Loss } from './format.ts';
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

/** Reads one event of a document. @throws FormatsError */
export type EventReader = () => ReadDocument;

/** A message in the format's own fields, not yet octets: what it says, and the document with additions. */
export interface Draft {
  /** What is read of it, as `DocumentMapping.read` would. */
  readonly tree: Json;
  write(additions: readonly Addition[]): Uint8Array;
}

/** A format with fields of its own for much of a message, and a place for additional data. */
export interface DocumentMapping {
  /** The message in the format's own fields, the additions in its additional data. */
  write(message: Message, additions: readonly Addition[]): Uint8Array;
  /** The first event; those after it are among the losses. @throws FormatsError */
  read(bytes: Uint8Array, limits: FormatsLimits): ReadDocument;
  /** A reader for each event, at least one, where a document may have several. @throws FormatsError */
  readers?(bytes: Uint8Array, limits: FormatsLimits): readonly EventReader[];
  /** Where what is written can be read without the octets between: they are most of the work. */
  draft?(message: Message): Draft;
}

/**
 * A format that loses nothing. The message is written in the format's own fields; these are read back, and compared
 * with the message; whatever differs is added as additional data, field by field, under the name of the field.
 */
export function documentFormat(
  description: Pick<Format, 'name' | 'title' | 'mediaType' | 'fileExtension' | 'recognises'>,
  mapping: DocumentMapping,
): Format {
  const draft = mapping.draft ?? ((message) => draftInOctets(mapping, message));
  return {
    ...description,

    encode(message) {
      const { tree, write } = draft(message);
      const additions = additionsBetween(tree, messageToTree(message));
      return { bytes: write(additions), losses: [], additional: additions.map(({ path }) => path) };
    },

    decode(bytes, limits) {
      const resolved = resolveFormatsLimits(limits);
      checkSize(bytes, resolved);
      return decodedOf(mapping.read(bytes, resolved), resolved);
    },

    decodeAll(bytes, limits) {
      const resolved = resolveFormatsLimits(limits);
      checkSize(bytes, resolved);
      const readers = mapping.readers?.(bytes, resolved) ?? [() => mapping.read(bytes, resolved)];
      return decodeEach(
        readers.map((read) => () => decodedOf(read(), resolved)),
        resolved,
      );
    },
  };
}

function draftInOctets(mapping: DocumentMapping, message: Message): Draft {
  return {
    tree: mapping.read(mapping.write(message, []), ownDocumentLimits).tree,
    write: (additions) => mapping.write(message, additions),
  };
}

function decodedOf(document: ReadDocument, limits: FormatsLimits): Decoded {
  const { tree, refused } = withAdditions(document.tree, document.additions);
  const losses = [
    ...document.losses,
    ...refused.map(({ path }): Loss => ({ path, effect: 'dropped', note: 'additional data for no field' })),
  ];
  return { message: messageFromTree(tree), losses: boundedLosses(losses, limits.maxLosses) };
}

/** Before the name of the field in the name of additional data. */
export const additionPrefix = 'flowpact:';
