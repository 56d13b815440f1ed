import type { Message } from '@flowpact/event';
import type { DocumentMapping, EventReader, ReadDocument } from '../document-format.ts';
import { type FormatsLimits, ownDocumentLimits } from '../formats-limits.ts';
import type { Addition } from '../model/addition.ts';
import type { Json } from '../model/message-json.ts';
import { jsonDocumentsOf, readFirst } from './json-documents.ts';

/**
 * A mapping to a JSON value: what a document would say is read in the value itself, without its text. A text may be a
 * list of documents, or one on each line (NDJSON); `readersOf` is for those that may have several events by themselves.
 */
export function jsonMapping(
  build: (message: Message, additions: readonly Addition[]) => Json,
  read: (document: Json, limits: FormatsLimits) => ReadDocument,
  readersOf?: (document: Json, limits: FormatsLimits) => readonly EventReader[],
): DocumentMapping {
  const write = (message: Message, additions: readonly Addition[]) =>
    new TextEncoder().encode(`${JSON.stringify(build(message, additions))}\n`);
  return {
    write,
    read: (bytes, limits) => readFirst(jsonDocumentsOf(bytes, limits), (document) => read(document, limits)),
    readers: (bytes, limits) =>
      jsonDocumentsOf(bytes, limits).flatMap(({ value }): readonly EventReader[] => {
        try {
          const document = value();
          return readersOf?.(document, limits) ?? [() => read(document, limits)];
        } catch (error) {
          return [
            () => {
              throw error;
            },
          ];
        }
      }),
    draft: (message) => ({
      tree: read(build(message, []), ownDocumentLimits).tree,
      write: (additions) => write(message, additions),
    }),
  };
}
