import { flexFileExtension, flexMediaType } from '@flowpact/flex';
import type { MailPart } from '../mail/mail-part.ts';

/** The records among the parts of a mail: by their type, or by their name where the type was lost on the way. */
export function flexPartsOf(leaves: readonly MailPart[]): readonly MailPart[] {
  return leaves.filter(
    ({ mediaType, fileName }) =>
      mediaType === flexMediaType || fileName?.toLowerCase().endsWith(flexFileExtension) === true,
  );
}
