import { documentFormat } from '../document-format.ts';
import type { Format } from '../format.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import { readXarf4 } from './read-xarf4.ts';
import { writeXarf4 } from './write-xarf4.ts';
import { isXarf4, readXarf4Mail, writeXarf4Mail } from './xarf4-mail.ts';

export const xarf4Format: Format = documentFormat(
  {
    name: 'xarf4',
    title: 'XARF 4',
    mediaType: 'application/json',
    fileExtension: '.json',
    recognises: isXarf4,
  },
  { write: writeXarf4, read: readXarf4 },
);

export const xarf4MailFormat: Format = documentFormat(
  {
    name: 'xarf4-mail',
    title: 'XARF 4 by mail',
    mediaType: 'message/rfc822',
    fileExtension: '.eml',
    recognises: (bytes) => mailKindOf(bytes) === 'xarf4-mail',
  },
  { write: writeXarf4Mail, read: readXarf4Mail },
);
