import type { enums } from 'openpgp';
import { FormatsError } from '../formats-error.ts';
import {
  type MailHeader,
  type MailLeaf,
  type MailMultipart,
  writeMail,
  writePart,
} from '../mail/write-mail.ts';
import { openPgp, publicKeys, type SecretKey, unlockedKeys } from './pgp-keys.ts';

export interface SecureMailConfig {
  /** Signs the mail. */
  readonly signKey: SecretKey;
  /** Armored public keys of those who may read it; left out: everybody may. */
  readonly encryptTo?: readonly string[];
}

export interface PgpDeps {
  /** The time that signatures have, and at which keys must be valid; default the system clock. */
  readonly now?: () => Date;
}

/**
 * A signed mail (RFC 3156, section 5), and where it is encrypted, the signed part in an encrypted one (section 6.1).
 * What is signed has to be of seven bits and lines of at most 998 octets.
 * @throws FormatsError `FORMATS_BAD_VALUE` for keys that cannot be used
 */
export async function secureMail(
  header: MailHeader,
  content: MailLeaf,
  { signKey, encryptTo = [] }: SecureMailConfig,
  { now = () => new Date() }: PgpDeps = {},
): Promise<Uint8Array> {
  const { createMessage, encrypt } = await openPgp();
  const date = now();
  const signed = await signedNode(writePart(content), signKey, date);
  if (encryptTo.length === 0) return writeMail(header, signed);
  const encryptionKeys = [...(await publicKeys(encryptTo))];
  const message = await createMessage({ binary: new Uint8Array(writePart(signed)), date });
  const armored = await keyUse(() =>
    encrypt({ message, encryptionKeys, date, config: { aeadProtect: false } }),
  );
  return writeMail(header, {
    kind: 'multipart',
    subtype: 'encrypted',
    parameters: { protocol: 'application/pgp-encrypted' },
    parts: [
      {
        kind: 'leaf',
        mediaType: 'application/pgp-encrypted',
        encoding: '7bit',
        content: octetsOf('Version: 1\r\n'),
      },
      armoredLeaf('application/octet-stream', 'encrypted.asc', armored),
    ],
  });
}

async function signedNode(part: Buffer, signKey: SecretKey, date: Date): Promise<MailMultipart> {
  const { createMessage, enums: names, readSignature, sign } = await openPgp();
  const signingKeys = [...(await unlockedKeys(signKey))];
  const message = await createMessage({ binary: new Uint8Array(part), date });
  const armored = await keyUse(() => sign({ message, signingKeys, detached: true, date }));
  const [packet] = (await readSignature({ armoredSignature: armored })).packets;
  const hash = names.read(names.hash, packet.hashAlgorithm as enums.hash);
  return {
    kind: 'multipart',
    subtype: 'signed',
    parameters: { micalg: `pgp-${hash}`, protocol: 'application/pgp-signature' },
    parts: [part, armoredLeaf('application/pgp-signature', 'signature.asc', armored)],
  };
}

function armoredLeaf(mediaType: string, fileName: string, armored: string): MailLeaf {
  return {
    kind: 'leaf',
    mediaType,
    fileName,
    encoding: '7bit',
    content: octetsOf(armored.replace(/\r?\n/g, '\r\n')),
  };
}

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function keyUse<T>(use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_VALUE', `the key cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}
