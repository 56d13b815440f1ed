import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { EventReader, ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import { type FormatsLimits, ownDocumentLimits } from '../formats-limits.ts';
import { isDomain } from '../mail/mail-address.ts';
import { fieldOf, leavesOf, type MailPart } from '../mail/mail-part.ts';
import { readMail } from '../mail/read-mail.ts';
import { writeMail } from '../mail/write-mail.ts';
import { readZip } from '../zip/read-zip.ts';
import { readXarf } from './read-xarf.ts';
import { isReportName } from './report-part.ts';

/** Several reports in a mail (X-ARF 0.2 BULK), each as the mail that it would be alone, in the order given. */
export function writeXarfBulk(mails: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const mail of mails) hash.update(String(mail.length)).update(mail);
  const first = mails.length === 0 ? undefined : readMail(mails[0], ownDocumentLimits);
  const from = first && fieldOf(first, 'From');
  const domain = from?.slice(from.lastIndexOf('@') + 1) ?? '';
  return writeMail(
    {
      From: from,
      Date: first && fieldOf(first, 'Date'),
      Subject: `${mails.length} ${mails.length === 1 ? 'report' : 'reports'}`,
      'Message-ID': `<flowpact-bulk.${hash.digest('hex').slice(0, 32)}@${isDomain(domain) ? domain : 'flowpact.invalid'}>`,
      'Auto-Submitted': 'auto-generated',
      'X-XARF': 'BULK',
    },
    {
      kind: 'multipart',
      subtype: 'mixed',
      parts: mails.map((content, i) => ({
        kind: 'leaf',
        mediaType: 'message/rfc822',
        fileName: `xarf-${i + 1}.eml`,
        disposition: 'attachment',
        content,
      })),
    },
  );
}

/**
 * The mails in a BULK one: those that are attached, in archives (ZIP, gzip) too, and a mail for each report that is
 * there without one.
 * @throws FormatsError `FORMATS_LIMIT`, `FORMATS_BAD_SYNTAX`, `FORMATS_ENCRYPTED`
 */
export function mailsOfBulk(mail: MailPart, limits: FormatsLimits): readonly Uint8Array[] {
  const unpacking = { left: limits.maxBytes };
  return leavesOf(mail).flatMap((leaf) =>
    mailsOf(leaf.mediaType, leaf.fileName, leaf.content, mail, limits, unpacking),
  );
}

function mailsOf(
  mediaType: string,
  fileName: string | undefined,
  content: Uint8Array,
  mail: MailPart,
  limits: FormatsLimits,
  unpacking: { left: number },
): readonly Uint8Array[] {
  const name = fileName?.toLowerCase() ?? '';
  if (mediaType === 'message/rfc822' || name.endsWith('.eml')) return [content];
  if (/^application\/(x-)?zip(-compressed)?$/.test(mediaType) || name.endsWith('.zip')) {
    const entries = readZip(content, { ...limits, maxBytes: unpacking.left });
    unpacking.left -= entries.reduce((sum, entry) => sum + entry.content.length, 0);
    return entries.flatMap((entry) =>
      mailsOf('', baseName(entry.name), entry.content, mail, limits, unpacking),
    );
  }
  if (/^application\/(x-)?gzip$/.test(mediaType) || name.endsWith('.gz')) {
    const unpacked = gunzipped(content, unpacking.left);
    unpacking.left -= unpacked.length;
    return mailsOf('message/rfc822', name.replace(/\.gz$/, ''), unpacked, mail, limits, unpacking);
  }
  return isReportName(fileName) || /^report[-_0-9a-z]*\.(txt|ya?ml)$/.test(name)
    ? [mailAround(content, mail)]
    : [];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function gunzipped(content: Uint8Array, left: number): Uint8Array {
  try {
    return gunzipSync(content, { maxOutputLength: Math.max(left, 1) });
  } catch (cause) {
    const isLimit = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new FormatsError(
      isLimit ? 'FORMATS_LIMIT' : 'FORMATS_BAD_SYNTAX',
      isLimit
        ? 'the attachment unpacks to more than maxBytes'
        : `the attachment is damaged: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function mailAround(report: Uint8Array, mail: MailPart): Uint8Array {
  const header = Object.fromEntries(['From', 'Date'].map((name) => [name, fieldOf(mail, name)]));
  return writeMail(
    { ...header, 'X-XARF': 'PLAIN' },
    { kind: 'leaf', mediaType: 'text/plain', charset: 'utf-8', fileName: 'report.txt', content: report },
  );
}

/** A reader for each of the reports. */
export function xarfBulkReaders(bytes: Uint8Array, limits: FormatsLimits): readonly EventReader[] {
  const mails = mailsOfBulk(readMail(bytes, limits), limits);
  if (mails.length === 0) throw new FormatsError('FORMATS_MISSING', 'the mail has no report in it');
  return mails.map((mail) => () => readXarf(mail, limits));
}

/** The first report; the others are told. */
export function readXarfBulk(bytes: Uint8Array, limits: FormatsLimits): ReadDocument {
  const [first, ...others] = mailsOfBulk(readMail(bytes, limits), limits);
  if (first === undefined) throw new FormatsError('FORMATS_MISSING', 'the mail has no report in it');
  const document = readXarf(first, limits);
  const losses = others.map((_, i) => ({
    path: `report ${i + 2}`,
    effect: 'dropped' as const,
    note: 'a further event',
  }));
  return { ...document, losses: [...document.losses, ...losses] };
}
