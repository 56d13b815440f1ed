import { fieldOf, type HeaderField, leavesOf, type MailPart } from '../mail/mail-part.ts';

/**
 * The fields that a complaint of Outlook.com's Junk Mail Reporting Program stands for: it has no machine-readable part,
 * names the address in its subject and attaches the mail. Undefined for any other mail.
 */
export function complaintOf(mail: MailPart): readonly HeaderField[] | undefined {
  const address = /^\s*complaint about message from \[?([0-9A-Fa-f.:]{2,45})\]?\s*$/i.exec(
    fieldOf(mail, 'Subject') ?? '',
  )?.[1];
  const hasOriginal = leavesOf(mail).some(({ mediaType }) => mediaType === 'message/rfc822');
  if (address === undefined || !hasOriginal) return undefined;
  return [
    { name: 'Feedback-Type', value: 'abuse' },
    { name: 'Source-IP', value: address },
  ];
}
