import { complaintOf } from '../arf/complaint.ts';
import { feedbackPartOf } from '../arf/feedback-part.ts';
import { flexPartsOf } from '../flex/flex-parts.ts';
import { FormatsError } from '../formats-error.ts';
import { defaultFormatsLimits, type FormatsLimits } from '../formats-limits.ts';
import { hasReport } from '../xarf/read-xarf.ts';
import { signedPart, xarfMark } from '../xarf/secured-mail.ts';
import { xarf4PartsOf } from '../xarf4/xarf4-mail.ts';
import { leavesOf, type MailPart } from './mail-part.ts';
import { looksLikeMail, readMail } from './read-mail.ts';

/** Formats that are mails. */
export type MailKind = 'arf' | 'xarf' | 'xarf-0.1' | 'xarf-bulk' | 'xarf4-mail' | 'flex-mail';

/** Which report a mail is; undefined for another mail and for what is no mail. */
export function mailKindOf(bytes: Uint8Array): MailKind | undefined {
  if (!looksLikeMail(bytes)) return undefined;
  try {
    return kindOf(readMail(bytes, defaultFormatsLimits), defaultFormatsLimits);
  } catch (error) {
    if (error instanceof FormatsError) return undefined;
    throw error;
  }
}

function kindOf(mail: MailPart, limits: FormatsLimits): MailKind | undefined {
  const mark = xarfMark(mail);
  if (mark?.word === 'SECURE') return 'xarf';
  if (mark?.word === 'BULK') return 'xarf-bulk';
  if (mail.mediaType === 'multipart/signed' && mail.parts.length > 0) {
    const within = signedPart(mail, limits);
    return within.mediaType === 'multipart/signed' ? undefined : kindOf(within, limits);
  }
  const leaves = leavesOf(mail);
  if (flexPartsOf(leaves).length > 0) return 'flex-mail';
  if (xarf4PartsOf(leaves).length > 0) return 'xarf4-mail';
  if (feedbackPartOf(leaves) !== undefined || complaintOf(mail) !== undefined) return 'arf';
  if (!hasReport(mail, limits)) return undefined;
  return mark?.version === '0.1' ? 'xarf-0.1' : 'xarf';
}
