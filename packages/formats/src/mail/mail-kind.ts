import { complaintOf } from '../arf/complaint.ts';
import { feedbackPartOf } from '../arf/feedback-part.ts';
import { FormatsError } from '../formats-error.ts';
import { defaultFormatsLimits } from '../formats-limits.ts';
import { leavesOf } from './mail-part.ts';
import { readMail } from './read-mail.ts';

/** Formats that are mails. */
export type MailKind = 'arf';

/** Which report a mail is; undefined for another mail and for what is no mail. */
export function mailKindOf(bytes: Uint8Array): MailKind | undefined {
  if (!looksLikeMail(bytes)) return undefined;
  try {
    const mail = readMail(bytes, defaultFormatsLimits);
    const leaves = leavesOf(mail);
    return feedbackPartOf(leaves) !== undefined || complaintOf(mail) !== undefined ? 'arf' : undefined;
  } catch (error) {
    if (error instanceof FormatsError) return undefined;
    throw error;
  }
}

/** A header field, or the line that mailboxes put before a mail; empty lines before it are passed over. */
function looksLikeMail(bytes: Uint8Array): boolean {
  return /^\s*(From |[!-9;-~]{1,80}[ \t]*:)/.test(Buffer.from(bytes.subarray(0, 1_024)).toString('latin1'));
}
