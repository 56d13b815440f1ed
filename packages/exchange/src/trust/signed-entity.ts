import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import { createMessage, enums, type PrivateKey, readSignature, sign } from 'openpgp';
import { mailMediaType } from '../codec/message-codec.ts';
import type { MimeEntity } from '../mime/mime-entity.ts';
import type { OutgoingDocument } from '../transport/transport.ts';

/**
 * Names the receiver within what is signed. What one partner is told, or asked to do, is thereby nothing that another
 * could be made to believe with a copy (the recipient is part of no FLEX record).
 */
export const recipientField = 'Flowpact-Recipient';

/**
 * The part that is signed: a text for people, then the attachment, in seven bits and canonical line ends, with nothing
 * at line ends that a hop may strip (RFC 3156, sections 3 and 5). A mail is signed with its header, which a report may
 * say as much in as in its body (RFC 9788, section 2).
 */
export async function writeSignedPart(
  { summary, attachment, reference }: OutgoingDocument,
  recipient: string,
): Promise<Buffer> {
  if (attachment.mediaType === mailMediaType) {
    return Buffer.concat([Buffer.from(`${recipientField}: ${recipient}\r\n`), attachment.bytes]);
  }
  const baseBoundary = digestOf(attachment.bytes, `${reference.id} ${reference.sender}`);
  // A child, since a root has the header of a mail.
  const part = new MimeNode('multipart/mixed', { baseBoundary, newline: 'win' }).createChild(
    'multipart/mixed',
  );
  part.setHeader(recipientField, recipient);
  part
    .createChild('text/plain; charset=utf-8')
    .setHeader('Content-Transfer-Encoding', 'quoted-printable')
    .setContent(summary.text);
  part
    .createChild(attachment.mediaType, { filename: attachment.name })
    .setHeader('Content-Transfer-Encoding', 'base64')
    .setContent(Buffer.from(attachment.bytes));
  const built = (await part.build()).toString('latin1');
  return Buffer.from(built.replace(/\r?\n/g, '\r\n'), 'latin1');
}

/** `multipart/signed` (RFC 3156, section 5) with one detached signature of each key. */
export async function signPart(
  part: Buffer,
  signingKeys: readonly PrivateKey[],
  date: Date,
): Promise<MimeEntity> {
  const message = await createMessage({ binary: new Uint8Array(part) });
  const armored = await sign({ message, signingKeys: [...signingKeys], detached: true, date });
  const [packet] = (await readSignature({ armoredSignature: armored })).packets;
  // The names of RFC 3156, section 5; keys that would rather use different hashes are answered with the first one's.
  const hash = enums.read(enums.hash, packet!.hashAlgorithm!);
  const boundary = `signed-${digestOf(part, armored)}`;
  return {
    contentType: `multipart/signed; boundary="${boundary}"; micalg=pgp-${hash}; protocol="application/pgp-signature"`,
    body: Buffer.concat([
      Buffer.from(`--${boundary}\r\n`),
      part,
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: application/pgp-signature; name="signature.asc"\r\n` +
          `Content-Description: OpenPGP digital signature\r\n\r\n${crlf(armored)}\r\n--${boundary}--\r\n`,
      ),
    ]),
  };
}

/** Line ends of a mail. */
export function crlf(armored: string): string {
  return armored.trimEnd().replace(/\r?\n/g, '\r\n');
}

/** A boundary that cannot stand in what it is the digest of. */
export function digestOf(...contents: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content);
  return hash.digest('hex').slice(0, 32);
}
