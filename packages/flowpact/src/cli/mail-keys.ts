import { readFile } from 'node:fs/promises';
import { type OpenMailConfig, openMail, type SecretKey, type SecureMailConfig } from '@flowpact/formats';
import { FlowpactError } from '../flowpact-error.ts';

/** Files with keys in armor. */
export interface MailKeyOptions {
  readonly signKey?: string;
  readonly encryptTo?: readonly string[];
  readonly verifyKey?: readonly string[];
  readonly decryptKey?: string;
  /** What unlocks the private key of either; a line end after it is not part of it. */
  readonly passphraseFile?: string;
}

/** The target that is no format of its own, but one that is signed. */
export const secureTarget = 'xarf-secure';

/** The keys that a signed target needs; undefined for another target. */
export async function signingConfig(
  to: string | undefined,
  { signKey, encryptTo = [], passphraseFile }: MailKeyOptions,
): Promise<SecureMailConfig | undefined> {
  if (to !== secureTarget) {
    if (signKey === undefined && encryptTo.length === 0) return undefined;
    throw new FlowpactError('FLOWPACT_USAGE', `--sign-key and --encrypt-to go with --to ${secureTarget}`);
  }
  if (signKey === undefined)
    throw new FlowpactError('FLOWPACT_USAGE', `--to ${secureTarget} needs --sign-key FILE`);
  return {
    signKey: await secretKey(signKey, passphraseFile),
    encryptTo: await Promise.all(encryptTo.map(keyText)),
  };
}

/** What opens mails; undefined where no key for that was given. */
export async function openingConfig({
  verifyKey = [],
  decryptKey,
  passphraseFile,
}: MailKeyOptions): Promise<OpenMailConfig | undefined> {
  if (verifyKey.length === 0 && decryptKey === undefined) return undefined;
  return {
    ...(verifyKey.length === 0 ? {} : { verifyKeys: await Promise.all(verifyKey.map(keyText)) }),
    ...(decryptKey === undefined ? {} : { decryptKey: await secretKey(decryptKey, passphraseFile) }),
  };
}

/** The mail within a signed or encrypted one. */
export async function opened(bytes: Uint8Array, config: OpenMailConfig | undefined): Promise<Uint8Array> {
  return config === undefined ? bytes : (await openMail(bytes, config)).mail;
}

async function secretKey(file: string, passphraseFile: string | undefined): Promise<SecretKey> {
  const passphrase =
    passphraseFile === undefined ? undefined : (await keyText(passphraseFile)).replace(/\r?\n$/, '');
  return { armored: await keyText(file), passphrase };
}

/** @throws FlowpactError `FLOWPACT_FILE` */
export async function keyText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FlowpactError('FLOWPACT_FILE', `cannot be read: ${(cause as Error).message}`, { cause });
  }
}
