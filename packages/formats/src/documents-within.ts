import { FormatsError } from './formats-error.ts';
import { type FormatsLimits, resolveFormatsLimits } from './formats-limits.ts';
import { mailKindOf } from './mail/mail-kind.ts';
import { readMail } from './mail/read-mail.ts';
import { mailsOfBulk } from './xarf/bulk.ts';

/**
 * The documents of one message each: those in a mail of several reports (X-ARF BULK), else the document itself.
 * @throws FormatsError as the decoders
 */
export function documentsWithin(bytes: Uint8Array, limits?: Partial<FormatsLimits>): readonly Uint8Array[] {
  if (mailKindOf(bytes) !== 'xarf-bulk') return [bytes];
  const resolved = resolveFormatsLimits(limits);
  const mails = mailsOfBulk(readMail(bytes, resolved), resolved);
  if (mails.length === 0) throw new FormatsError('FORMATS_MISSING', 'the mail has no report in it');
  return mails;
}
