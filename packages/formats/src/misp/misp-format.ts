import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { defaultFormatsLimits } from '../formats-limits.ts';
import { jsonObjectOf } from '../json/json-documents.ts';
import { jsonMapping } from '../json/json-mapping.ts';
import { isList } from '../model/message-json.ts';
import { mispReaders, readMisp } from './read-misp.ts';
import { mispDocument } from './write-misp.ts';

export const mispFormat: Format = documentFormat(
  {
    name: 'misp',
    title: 'MISP event',
    mediaType: 'application/json',
    fileExtension: '.json',
    recognises(bytes) {
      const {
        Event: event,
        response,
        info,
        Attribute: attributes,
      } = jsonObjectOf(bytes, defaultFormatsLimits) ?? {};
      return (
        isObject(event) || isObject(response) || (typeof info === 'string' && isList(attributes ?? null))
      );
    },
  },
  jsonMapping(mispDocument, readMisp, mispReaders),
);

/** A list too: the answer to a search. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
