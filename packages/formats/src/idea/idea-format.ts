import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { defaultFormatsLimits } from '../formats-limits.ts';
import { jsonObjectOf } from '../json/json-documents.ts';
import { jsonMapping } from '../json/json-mapping.ts';
import { readIdea } from './read-idea.ts';
import { ideaMessage } from './write-idea.ts';

export const ideaFormat: Format = documentFormat(
  {
    name: 'idea',
    title: 'IDEA',
    mediaType: 'application/json',
    fileExtension: '.idea',
    recognises: (bytes) => jsonObjectOf(bytes, defaultFormatsLimits)?.Format === 'IDEA0',
  },
  jsonMapping(ideaMessage, readIdea),
);
