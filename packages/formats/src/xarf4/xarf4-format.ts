import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { jsonDocumentsOf, readFirst } from '../json/json-documents.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import type { Json } from '../model/message-json.ts';
import { readXarf4Document } from './read-xarf4.ts';
import { writeXarf4 } from './write-xarf4.ts';
import { isXarf4, readXarf4Mail, writeXarf4Mail, xarf4MailReaders } from './xarf4-mail.ts';

export const xarf4Format: Format = documentFormat(
  {
    name: 'xarf4',
    title: 'XARF 4',
    mediaType: 'application/json',
    fileExtension: '.json',
    recognises: isXarf4,
  },
  {
    write: writeXarf4,
    read(bytes, limits) {
      const documents = jsonDocumentsOf(bytes, limits);
      return readFirst(documents, (report) =>
        readXarf4Document(report, textOfReport(report, documents.length, bytes), limits),
      );
    },
    readers(bytes, limits) {
      const documents = jsonDocumentsOf(bytes, limits);
      return documents.map(({ value }) => () => {
        const report = value();
        return readXarf4Document(report, textOfReport(report, documents.length, bytes), limits);
      });
    },
  },
);

export const xarf4MailFormat: Format = documentFormat(
  {
    name: 'xarf4-mail',
    title: 'XARF 4 by mail',
    mediaType: 'message/rfc822',
    fileExtension: '.eml',
    recognises: (bytes) => mailKindOf(bytes) === 'xarf4-mail',
  },
  { write: writeXarf4Mail, read: readXarf4Mail, readers: xarf4MailReaders },
);

/** That of one of several is made anew. */
function textOfReport(report: Json, count: number, bytes: Uint8Array): Uint8Array {
  return count === 1 ? bytes : new TextEncoder().encode(JSON.stringify(report));
}
