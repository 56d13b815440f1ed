import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { fieldOf, type MailPart } from '../mail/mail-part.ts';
import { readMail } from '../mail/read-mail.ts';

/**
 * The mail within a signed one (X-ARF 0.2 SECURE: `multipart/signed` around the mail `xarf.eml`), whose signature is
 * not checked here; another mail as it is.
 * @throws FormatsError `FORMATS_ENCRYPTED`
 */
export function mailWithin(mail: MailPart, limits: FormatsLimits, losses: Loss[]): MailPart {
  if (mail.mediaType === 'multipart/encrypted') {
    throw new FormatsError('FORMATS_ENCRYPTED', 'the mail is encrypted: open it with the key first');
  }
  if (mail.mediaType !== 'multipart/signed' || mail.parts.length === 0) return mail;
  losses.push({
    path: 'multipart/signed',
    effect: 'dropped',
    note: 'the signature is not checked by this reader',
  });
  return signedPart(mail, limits);
}

/** What a signature is about, as a mail: the one that is attached, else the part under the header of the whole. */
export function signedPart(mail: MailPart, limits: FormatsLimits): MailPart {
  const [part] = mail.parts;
  if (part.mediaType === 'message/rfc822') return readMail(part.content, limits);
  return { ...part, fields: [...mail.fields.filter(({ name }) => !/^content-/i.test(name)), ...part.fields] };
}

/** What `X-XARF`, or the `X-ARF` of version 0.1, says, in upper case. */
export function xarfMark(
  mail: MailPart,
): { readonly version: '0.1' | '0.2'; readonly word: string } | undefined {
  const [second, first] = [fieldOf(mail, 'X-XARF'), fieldOf(mail, 'X-ARF')];
  if (second !== undefined) return { version: '0.2', word: second.toUpperCase() };
  return first === undefined ? undefined : { version: '0.1', word: first.toUpperCase() };
}
