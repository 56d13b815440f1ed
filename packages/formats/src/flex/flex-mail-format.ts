import { flexFileExtension, flexMediaType } from '@flowpact/flex';
import { decodeEach } from '../decode-each.ts';
import type { Decoded, Format, Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import { type FormatsLimits, resolveFormatsLimits } from '../formats-limits.ts';
import { mailKindOf } from '../mail/mail-kind.ts';
import { reportHeader } from '../mail/mail-origin.ts';
import { leavesOf, type MailPart } from '../mail/mail-part.ts';
import { textContent } from '../mail/mail-text.ts';
import { readMail } from '../mail/read-mail.ts';
import { reportText, subjectOf } from '../mail/report-text.ts';
import { writeMail } from '../mail/write-mail.ts';
import { flexFormat } from './flex-format.ts';
import { flexPartsOf } from './flex-parts.ts';

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
    const { records, others } = partsOf(bytes, limits);
    return recordOf(records[0], [...records.slice(1), ...others], limits);
  },

  decodeAll(bytes, limits) {
    const { records, others } = partsOf(bytes, limits);
    return decodeEach(
      records.map((record, i) => () => recordOf(record, i === 0 ? others : [], limits)),
      resolveFormatsLimits(limits),
    );
  },

  recognises: (bytes) => mailKindOf(bytes) === 'flex-mail',
};

/** @throws FormatsError, also where there is no record */
function partsOf(
  bytes: Uint8Array,
  limits: Partial<FormatsLimits> | undefined,
): { readonly records: readonly MailPart[]; readonly others: readonly MailPart[] } {
  const leaves = leavesOf(readMail(bytes, resolveFormatsLimits(limits)));
  const records = flexPartsOf(leaves);
  if (records.length === 0)
    throw new FormatsError('FORMATS_OTHER_FORMAT', 'no part of the mail is a FLEX record');
  return { records, others: leaves.filter((leaf) => leaf.isAttachment && !records.includes(leaf)) };
}

/** The message of a record; the parts beside it are lost. */
function recordOf(
  record: MailPart,
  beside: readonly MailPart[],
  limits: Partial<FormatsLimits> | undefined,
): Decoded {
  const { message, losses } = flexFormat.decode(record.content, limits);
  const dropped = beside.map(
    ({ mediaType, fileName = '' }): Loss => ({
      path: mediaType,
      effect: 'dropped',
      note: `attached too: ${fileName.slice(0, 60)}`,
    }),
  );
  return { message, losses: [...losses, ...dropped] };
}
