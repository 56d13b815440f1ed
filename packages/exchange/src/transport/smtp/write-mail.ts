import MimeNode from 'nodemailer/lib/mime-node';
import { mailMediaType } from '../../codec/message-codec.ts';
import { headerFields, splitHeader } from '../../mime/mime-entity.ts';
import type { OutgoingDocument } from '../transport.ts';
import { mailMessageId } from './message-id.ts';

/** A mail is made of what it is given; nothing in it may name a file or a page to fetch. */
const offline = { disableFileAccess: true, disableUrlAccess: true } as const;

/**
 * The mail that carries a document: `multipart/mixed` of the summary and the attachment, or whatever entity was made of
 * them. An attachment that is a mail itself is that mail.
 */
export async function writeMail(document: OutgoingDocument, from: string, date: Date): Promise<Buffer> {
  const { attachment, summary, entity } = document;
  if (attachment.mediaType === mailMediaType) return addressedMail(document);
  const mail = mailNode(document, from, date);
  if (entity !== undefined) {
    return Buffer.concat([Buffer.from(`${mail.buildHeaders()}\r\n\r\n`), entity.body]);
  }
  mail.createChild('text/plain; charset=utf-8').setContent(summary.text);
  mail
    .createChild(attachment.mediaType, { filename: attachment.name })
    .setHeader('Content-Transfer-Encoding', 'base64')
    .setContent(Buffer.from(attachment.bytes));
  return mail.build();
}

function mailNode(document: OutgoingDocument, from: string, date: Date): MimeNode {
  const { to, summary, reference, inReplyTo, entity } = document;
  const mail = new MimeNode(entity?.contentType ?? 'multipart/mixed', { newline: 'win', ...offline });
  const answered = inReplyTo && mailMessageId(inReplyTo);
  mail
    .setHeader('From', { name: '', address: from })
    .setHeader('To', { name: '', address: to.address })
    .setHeader('Subject', summary.subject)
    .setHeader('Message-ID', mailMessageId(reference))
    .setHeader('Date', date)
    // RFC 3834, section 5: so that no vacation notice comes back.
    .setHeader('Auto-Submitted', answered === undefined ? 'auto-generated' : 'auto-replied');
  if (answered !== undefined) mail.setHeader('In-Reply-To', answered).setHeader('References', answered);
  return mail;
}

/** A mail that somebody has written, on its way to one receiver; in place of its body what was made of it. */
function addressedMail({ to, attachment, inReplyTo, entity }: OutgoingDocument): Buffer {
  const { header, body } = splitHeader(attachment.bytes);
  const answered = inReplyTo && mailMessageId(inReplyTo);
  const ours = [
    `To: ${to.address}`,
    ...(answered === undefined ? [] : [`In-Reply-To: ${answered}`, `References: ${answered}`]),
    ...(entity === undefined ? [] : ['MIME-Version: 1.0', `Content-Type: ${entity.contentType}`]),
  ];
  // RFC 9788, section 2: the header stands outside, too, for whoever sorts mail by it.
  const theirs = headerFields(header).filter(
    ({ name }) => entity === undefined || !/^(content-|mime-version$)/i.test(name),
  );
  const lines = [...ours, ...theirs.map(({ text }) => text)].join('\r\n');
  return Buffer.concat([Buffer.from(`${lines}\r\n\r\n`, 'latin1'), entity?.body ?? body]);
}
