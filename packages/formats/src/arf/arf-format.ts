import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import { readArf } from './read-arf.ts';
import { writeArf } from './write-arf.ts';

export const arfFormat: Format = documentFormat(
  {
    name: 'arf',
    title: 'ARF (RFC 5965)',
    mediaType: 'message/rfc822',
    fileExtension: '.eml',
    recognises: (bytes) => mailKindOf(bytes) === 'arf',
  },
  { write: writeArf, read: readArf },
);
