import { FormatsError } from './formats-error.ts';
import { type FormatsLimits, resolveFormatsLimits } from './formats-limits.ts';
import { mailKindOf } from './mail/mail-kind.ts';
import { leavesOf } from './mail/mail-part.ts';
import { looksLikeMail, readMail } from './mail/read-mail.ts';
import { mailsOfBulk } from './xarf/bulk.ts';

/**
 * The reports in a mail of several, each a document by itself: of X-ARF BULK, and of a mail that is none itself but has
 * mails attached that are, as when they are forwarded. Else the document itself.
 * @throws FormatsError as the decoders
 */
export function documentsWithin(bytes: Uint8Array, limits?: Partial<FormatsLimits>): readonly Uint8Array[] {
  const resolved = resolveFormatsLimits(limits);
  const kind = mailKindOf(bytes);
  if (kind === 'xarf-bulk') {
    const mails = mailsOfBulk(readMail(bytes, resolved), resolved);
    if (mails.length === 0) throw new FormatsError('FORMATS_MISSING', 'the mail has no report in it');
    return mails;
  }
  const forwarded = kind === undefined && looksLikeMail(bytes) ? reportsAttached(bytes, resolved) : [];
  return forwarded.length > 0 ? forwarded : [bytes];
}

function reportsAttached(bytes: Uint8Array, limits: FormatsLimits): readonly Uint8Array[] {
  return leavesOf(readMail(bytes, limits))
    .filter(({ mediaType, content }) => mediaType === 'message/rfc822' && mailKindOf(content) !== undefined)
    .map(({ content }) => content);
}
