import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import { readXarfBulk, writeXarfBulk, xarfBulkReaders } from './bulk.ts';
import { readXarf } from './read-xarf.ts';
import { writeXarf } from './write-xarf.ts';
import type { XarfVersion } from './xarf-words.ts';

/** X-ARF 0.2 PLAIN. SECURE is the same mail, signed: `signMail`. */
export const xarfFormat: Format = xarfFormatOf('xarf', 'X-ARF 0.2', '0.2');
export const xarf01Format: Format = xarfFormatOf('xarf-0.1', 'X-ARF 0.1', '0.1');

function xarfFormatOf(name: 'xarf' | 'xarf-0.1', title: string, version: XarfVersion): Format {
  return documentFormat(
    {
      name,
      title,
      mediaType: 'message/rfc822',
      fileExtension: '.eml',
      recognises: (bytes) => mailKindOf(bytes) === name,
    },
    {
      write: (message, additions) => writeXarf(message, additions, version),
      read: readXarf,
    },
  );
}

/** X-ARF 0.2 BULK of one report; `writeXarfBulk` is for more, and `documentsWithin` takes them apart. */
export const xarfBulkFormat: Format = documentFormat(
  {
    name: 'xarf-bulk',
    title: 'X-ARF 0.2 BULK',
    mediaType: 'message/rfc822',
    fileExtension: '.eml',
    recognises: (bytes) => mailKindOf(bytes) === 'xarf-bulk',
  },
  {
    write: (message, additions) => writeXarfBulk([writeXarf(message, additions, '0.2')]),
    read: readXarfBulk,
    readers: xarfBulkReaders,
  },
);
