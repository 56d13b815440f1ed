import { flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { Format, Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import { resolveFormatsLimits } from '../formats-limits.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import { reportHeader } from '../mail/mail-origin.ts';
import { leavesOf } from '../mail/mail-part.ts';
import { textContent } from '../mail/mail-text.ts';
import { readMail } from '../mail/read-mail.ts';
import { reportText, subjectOf } from '../mail/report-text.ts';
import { writeMail } from '../mail/write-mail.ts';
import { flexFormat } from './flex-format.ts';
import { flexPartOf } from './flex-part.ts';

/** FLEX as the exchange sends it: a summary for people, and the record as an attachment, which says everything. */
export const flexMailFormat: Format = {
  name: 'flex-mail',
  title: 'FLEX by mail',
  mediaType: 'message/rfc822',
  fileExtension: '.eml',

  encode(message) {
    const record = flexFormat.encode(message);
    const bytes = writeMail(reportHeader(message, subjectOf(message)), {
      kind: 'multipart',
      subtype: 'mixed',
      parts: [
        {
          kind: 'leaf',
          mediaType: 'text/plain',
          charset: 'utf-8',
          content: textContent(reportText(message)),
        },
        {
          kind: 'leaf',
          mediaType: flexMediaType,
          fileName: `message${flexFileExtension}`,
          disposition: 'attachment',
          content: record.bytes,
        },
      ],
    });
    return { ...record, bytes };
  },

  decode(bytes, limits) {
    const leaves = leavesOf(readMail(bytes, resolveFormatsLimits(limits)));
    const part = flexPartOf(leaves);
    if (part === undefined)
      throw new FormatsError('FORMATS_OTHER_FORMAT', 'no part of the mail is a FLEX record');
    const { message, losses } = flexFormat.decode(part.content, limits);
    const others = leaves.filter((leaf) => leaf !== part && leaf.isAttachment);
    const dropped = others.map(
      ({ mediaType, fileName = '' }): Loss => ({
        path: mediaType,
        effect: 'dropped',
        note: `attached too: ${fileName.slice(0, 60)}`,
      }),
    );
    return { message, losses: [...losses, ...dropped] };
  },

  recognises: (bytes) => mailKindOf(bytes) === 'flex-mail',
};
