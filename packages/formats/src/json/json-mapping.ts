import type { Message } from '@flowpact/event';
import type { DocumentMapping, ReadDocument } from '../document-format.ts';
import { type FormatsLimits, ownDocumentLimits } from '../formats-limits.ts';
import type { Addition } from '../model/addition.ts';
import type { Json } from '../model/message-json.ts';
import { parseJson } from './parse-json.ts';

/** A mapping to a JSON value: what a document would say is read in the value itself, without its text. */
export function jsonMapping(
  build: (message: Message, additions: readonly Addition[]) => Json,
  read: (document: Json, limits: FormatsLimits) => ReadDocument,
): DocumentMapping {
  return {
    write: (message, additions) => new TextEncoder().encode(`${JSON.stringify(build(message, additions))}\n`),
    read: (bytes, limits) => read(parseJson(bytes, limits), limits),
    said: (message) => read(build(message, []), ownDocumentLimits).tree,
  };
}
