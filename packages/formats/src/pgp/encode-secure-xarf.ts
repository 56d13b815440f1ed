import type { Message } from '@flowpact/event';
import { documentFormat } from '../document-format.ts';
import type { Encoded } from '../format.ts';
import { reportHeader } from '../mail/mail-origin.ts';
import { subjectOf } from '../mail/report-text.ts';
import { readXarf } from '../xarf/read-xarf.ts';
import { writeXarf } from '../xarf/write-xarf.ts';
import { type PgpDeps, type SecureMailConfig, secureMail } from './secure-mail.ts';

/** What is signed: evidence of eight bits is in Base64, for signatures are about seven (RFC 3156, section 3). */
const plain = documentFormat(
  {
    name: 'xarf',
    title: 'X-ARF 0.2',
    mediaType: 'message/rfc822',
    fileExtension: '.eml',
    recognises: () => false,
  },
  { write: (message, additions) => writeXarf(message, additions, '0.2', true), read: readXarf },
);

/**
 * X-ARF 0.2 SECURE: the PLAIN report as the attached mail `xarf.eml`, signed, and encrypted where there are keys to
 * encrypt to.
 * @throws FormatsError as `secureMail`
 */
export async function encodeSecureXarf(
  message: Message,
  config: SecureMailConfig,
  deps?: PgpDeps,
): Promise<Encoded> {
  const { bytes, losses, additional } = plain.encode(message);
  const header = { ...reportHeader(message, subjectOf(message)), 'X-XARF': 'SECURE' };
  const secured = await secureMail(
    header,
    {
      kind: 'leaf',
      mediaType: 'message/rfc822',
      fileName: 'xarf.eml',
      disposition: 'attachment',
      content: bytes,
    },
    config,
    deps,
  );
  return { bytes: secured, losses, additional };
}
