import { flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { MailPart } from '../mail/mail-part.ts';

/** The record among the parts of a mail: by its type, or by its name where the type was lost on the way. */
export function flexPartOf(leaves: readonly MailPart[]): MailPart | undefined {
  return leaves.find(
    ({ mediaType, fileName }) =>
      mediaType === flexMediaType || fileName?.toLowerCase().endsWith(flexFileExtension) === true,
  );
}
