import { fieldOf, type MailPart } from '../mail/mail-part.ts';
import { fieldsOf } from '../mail/read-mail.ts';

/** The machine-readable part: by its type, by its name, or by its first field where it came as plain text. */
export function feedbackPartOf(leaves: readonly MailPart[]): MailPart | undefined {
  return (
    leaves.find(({ mediaType }) => /^(message|text|application)\/(x-)?feedback-report$/.test(mediaType)) ??
    leaves.find(
      ({ mediaType, content }) =>
        mediaType.startsWith('text/') &&
        fieldOf({ fields: fieldsOf(content.subarray(0, maxFirstFields)) }, 'Feedback-Type') !== undefined &&
        /^\s*[A-Za-z-]+:/.test(Buffer.from(content.subarray(0, 100)).toString('latin1')),
    )
  );
}

/** Enough for the fields that come before `Feedback-Type`. */
const maxFirstFields = 2_000;

/** The types under which the reported mail, or its header, is found; undefined for any other type. */
export function originalTypeOf(mediaType: string): 'message/rfc822' | 'text/rfc822-headers' | undefined {
  switch (mediaType) {
    case 'message/rfc822':
      return 'message/rfc822';
    case 'text/rfc822-headers':
    case 'text/rfc822-header':
    case 'message/rfc822-headers':
    case 'message/rfc822-header':
      return 'text/rfc822-headers';
    default:
      return undefined;
  }
}
