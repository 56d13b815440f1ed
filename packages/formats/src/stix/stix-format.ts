import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { defaultFormatsLimits } from '../formats-limits.ts';
import { jsonObjectOf } from '../json/json-documents.ts';
import { jsonMapping } from '../json/json-mapping.ts';
import { readStix } from './read-stix.ts';
import { stixReaders } from './stix-readers.ts';
import { stixBundle } from './write-stix.ts';

export const stixFormat: Format = documentFormat(
  {
    name: 'stix',
    title: 'STIX 2.1',
    mediaType: 'application/stix+json;version=2.1',
    fileExtension: '.json',
    recognises(bytes) {
      const { type, id } = jsonObjectOf(bytes, defaultFormatsLimits) ?? {};
      return typeof type === 'string' && typeof id === 'string' && id.startsWith(`${type}--`);
    },
  },
  jsonMapping(stixBundle, readStix, stixReaders),
);
