import {
  createMessage,
  decrypt,
  encrypt,
  type PrivateKey,
  type PublicKey,
  readMessage,
  type SignaturePacket,
} from 'openpgp';
import { ExchangeError } from '../exchange-error.ts';
import { takeMailApart } from '../mime/mail-parts.ts';
import { entityBytes, type MimeEntity } from '../mime/mime-entity.ts';
import { crlf, digestOf } from './signed-entity.ts';
import type { TrustLimits } from './trust-config.ts';

/** `multipart/encrypted` (RFC 3156, section 4) around another entity. */
export async function encryptEntity(
  entity: MimeEntity,
  encryptionKeys: readonly PublicKey[],
  date: Date,
): Promise<MimeEntity> {
  const message = await createMessage({ binary: new Uint8Array(entityBytes(entity)) });
  const armored = await encrypt({
    message,
    encryptionKeys: [...encryptionKeys],
    date,
    // GnuPG 2.2 reads no AEAD packets.
    config: { aeadProtect: false },
  });
  const boundary = `encrypted-${digestOf(armored)}`;
  return {
    contentType: `multipart/encrypted; boundary="${boundary}"; protocol="application/pgp-encrypted"`,
    body: Buffer.from(
      `--${boundary}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n` +
        `--${boundary}\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n` +
        `Content-Disposition: inline; filename="encrypted.asc"\r\n\r\n${crlf(armored)}\r\n--${boundary}--\r\n`,
    ),
  };
}

export interface DecryptedEntity {
  /** With its header. */
  readonly bytes: Buffer;
  /** Those within the encryption, which are about `bytes` (RFC 3156, section 6.2). */
  readonly signatures: readonly SignaturePacket[];
}

/** @throws ExchangeError `EXCHANGE_UNDECRYPTABLE`, `EXCHANGE_BAD_MESSAGE`, both permanent. */
export async function decryptEntity(
  entity: MimeEntity,
  decryptionKeys: readonly PrivateKey[],
  limits: TrustLimits,
): Promise<DecryptedEntity> {
  const { attachments } = await takeMailApart(entityBytes(entity), limits);
  const armored = attachments.find(({ mediaType }) => mediaType === 'application/octet-stream');
  if (armored === undefined) throw undecryptable('there is no encrypted part in multipart/encrypted');
  try {
    const { data, signatures } = await decrypt({
      message: await readMessage({ armoredMessage: Buffer.from(armored.bytes).toString('latin1') }),
      decryptionKeys: [...decryptionKeys],
      format: 'binary',
      config: { maxDecompressedMessageSize: limits.maxDecryptedBytes },
    });
    const read = await Promise.all(
      signatures.map(async ({ verified, signature }) => {
        // Checked later, against the keys that count.
        verified.catch(() => {});
        return [...(await signature).packets];
      }),
    );
    return { bytes: Buffer.from(data), signatures: read.flat() };
  } catch (cause) {
    throw undecryptable(`the document cannot be decrypted: ${(cause as Error).message}`, cause);
  }
}

function undecryptable(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('EXCHANGE_UNDECRYPTABLE', message, { permanent: true, cause });
}
