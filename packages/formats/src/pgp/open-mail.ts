import type { verify } from 'openpgp';
import { FormatsError } from '../formats-error.ts';
import { type FormatsLimits, resolveFormatsLimits } from '../formats-limits.ts';
import { leavesOf, type MailPart } from '../mail/mail-part.ts';
import { readMail } from '../mail/read-mail.ts';
import { openPgp, publicKeys, type SecretKey, unlockedKeys } from './pgp-keys.ts';
import type { PgpDeps } from './secure-mail.ts';

export interface OpenMailConfig {
  /** Armored public keys, one of which must have signed; left out: signatures are not checked. */
  readonly verifyKeys?: readonly string[];
  /** Opens what is encrypted. */
  readonly decryptKey?: SecretKey;
  readonly limits?: Partial<FormatsLimits>;
}

export interface OpenedMail {
  /** The mail that was signed or encrypted, or the mail itself where it was neither. */
  readonly mail: Uint8Array;
  readonly isEncrypted: boolean;
  /** `good`: of one of the keys; `unchecked`: there is one, and no key to check it with. */
  readonly signature: 'good' | 'unchecked' | 'none';
  /** Of the key that signed: 16 hexadecimal digits. */
  readonly signedBy?: string;
}

/**
 * Takes a mail out of what protects it (RFC 3156): decrypts it and checks its signature. Of any mail: X-ARF SECURE is
 * one.
 * @throws FormatsError `FORMATS_ENCRYPTED` where the key is not here or not the right one; `FORMATS_BAD_SIGNATURE` where
 * the mail was changed, where none of the keys signed it, or where it is not signed and keys were given;
 * `FORMATS_BAD_VALUE` for keys that cannot be read; `FORMATS_LIMIT`, `FORMATS_BAD_SYNTAX`
 */
export async function openMail(
  bytes: Uint8Array,
  config: OpenMailConfig = {},
  { now = () => new Date() }: PgpDeps = {},
): Promise<OpenedMail> {
  const limits = resolveFormatsLimits(config.limits);
  const date = now();
  const keys = config.verifyKeys && (await publicKeys(config.verifyKeys));
  const outer = readMail(bytes, limits);
  const isEncrypted = outer.mediaType === 'multipart/encrypted';
  const decrypted = isEncrypted ? await decryptedPart(outer, config, limits, date) : undefined;
  const mail = decrypted?.part ?? outer;
  const signatures =
    mail.mediaType === 'multipart/signed' && mail.parts.length > 1
      ? await signaturesOf(mail, keys ?? [], date)
      : (decrypted?.signatures ?? []);
  const signedBy = await checked(signatures, keys);
  const within = mail.mediaType === 'multipart/signed' && mail.parts.length > 0 ? mail.parts[0] : mail;
  return {
    mail: within === outer ? bytes : asMail(within, outer),
    isEncrypted,
    signature: signatures.length === 0 ? 'none' : keys === undefined ? 'unchecked' : 'good',
    ...(signedBy === undefined ? {} : { signedBy }),
  };
}

type VerificationResult = Awaited<ReturnType<typeof verify>>['signatures'][number];

interface DecryptedPart {
  readonly part: MailPart;
  /** Those within the encryption (section 6.2). */
  readonly signatures: readonly VerificationResult[];
}

async function decryptedPart(
  mail: MailPart,
  { decryptKey, verifyKeys }: OpenMailConfig,
  limits: FormatsLimits,
  date: Date,
): Promise<DecryptedPart> {
  if (decryptKey === undefined) {
    throw new FormatsError('FORMATS_ENCRYPTED', 'the mail is encrypted: the key that opens it is needed');
  }
  const { decrypt, readMessage } = await openPgp();
  const decryptionKeys = [...(await unlockedKeys(decryptKey))];
  const verificationKeys = [...(await publicKeys(verifyKeys ?? []))];
  const body = leavesOf(mail).find(({ mediaType }) => mediaType !== 'application/pgp-encrypted');
  try {
    const message = await readMessage({ armoredMessage: textOf(body?.content ?? new Uint8Array()) });
    const { data, signatures } = await decrypt({
      message,
      decryptionKeys,
      verificationKeys,
      date,
      format: 'binary',
      config: { maxDecompressedMessageSize: limits.maxBytes },
    });
    return { part: readMail(data as Uint8Array, limits), signatures };
  } catch (cause) {
    if (cause instanceof FormatsError) throw cause;
    throw new FormatsError('FORMATS_ENCRYPTED', `the mail cannot be decrypted: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function signaturesOf(
  { parts: [signed, signature] }: MailPart,
  verificationKeys: Awaited<ReturnType<typeof publicKeys>>,
  date: Date,
): Promise<readonly VerificationResult[]> {
  const { createMessage, readSignature, verify } = await openPgp();
  try {
    const message = await createMessage({ binary: new Uint8Array(signed.octets) });
    const armored = await readSignature({ armoredSignature: textOf(signature.content) });
    const result = await verify({
      message,
      signature: armored,
      verificationKeys: [...verificationKeys],
      date,
      format: 'binary',
    });
    return result.signatures;
  } catch (cause) {
    throw new FormatsError(
      'FORMATS_BAD_SIGNATURE',
      `the signature cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** The key that signed, where one of `keys` did. */
async function checked(
  signatures: readonly VerificationResult[],
  keys: Awaited<ReturnType<typeof publicKeys>> | undefined,
): Promise<string | undefined> {
  const ids = signatures.map(({ keyID }) => keyID.toHex());
  // Without keys nothing is checked, and what their absence makes of each signature is of no interest.
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified));
  if (keys === undefined) return ids[0];
  const good = results.findIndex(({ status }) => status === 'fulfilled');
  if (good >= 0) return ids[good];
  const failed = results.find((result) => result.status === 'rejected');
  const reason = failed === undefined ? 'the mail is not signed' : (failed.reason as Error).message;
  throw new FormatsError('FORMATS_BAD_SIGNATURE', `the mail is not as one of the keys signed it: ${reason}`, {
    cause: failed?.reason,
  });
}

/** An attached mail; another part with the header of the whole. */
function asMail(part: MailPart, outer: MailPart): Uint8Array {
  if (part.mediaType === 'message/rfc822') return part.content;
  const lines = outer.fields
    .filter(({ name }) => !/^(content-|mime-version$)/i.test(name))
    .map(({ name, value }) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(lines.join('')), part.octets]);
}

function textOf(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
}
