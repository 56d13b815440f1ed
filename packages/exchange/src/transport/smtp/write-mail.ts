import MimeNode from 'nodemailer/lib/mime-node';
import type { OutgoingDocument } from '../transport.ts';
import { mailMessageId } from './message-id.ts';

/**
 * The mail that carries a document: `multipart/mixed` of the summary and the attachment, or whatever entity was made of
 * them.
 */
export async function writeMail(document: OutgoingDocument, from: string, date: Date): Promise<Buffer> {
  const { to, summary, attachment, reference, inReplyTo, entity } = document;
  const mail = new MimeNode(entity?.contentType ?? 'multipart/mixed', {
    newline: 'win',
    // A mail is made of what it is given; nothing in it may name a file or a page to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
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
