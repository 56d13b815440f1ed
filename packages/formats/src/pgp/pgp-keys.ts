import type { Key, PrivateKey } from 'openpgp';
import { FormatsError } from '../formats-error.ts';

/** A private key, and what unlocks it. */
export interface SecretKey {
  /** Armored (RFC 9580, section 6.2). */
  readonly armored: string;
  /** Left out where the key is not locked. */
  readonly passphrase?: string | undefined;
}

/** @throws FormatsError `FORMATS_BAD_VALUE` for what is no private key, or where the passphrase does not unlock it. */
export async function unlockedKeys({ armored, passphrase }: SecretKey): Promise<readonly PrivateKey[]> {
  const { decryptKey, readPrivateKeys } = await openPgp();
  try {
    const keys = await readPrivateKeys({ armoredKeys: armored });
    return await Promise.all(
      keys.map((key) =>
        key.isDecrypted() ? key : decryptKey({ privateKey: key, passphrase: passphrase ?? '' }),
      ),
    );
  } catch (cause) {
    throw new FormatsError(
      'FORMATS_BAD_VALUE',
      `the private key cannot be used: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** @throws FormatsError `FORMATS_BAD_VALUE` for text that is no armored key. */
export async function publicKeys(armored: readonly string[]): Promise<readonly Key[]> {
  const { readKeys } = await openPgp();
  try {
    return (await Promise.all(armored.map((text) => readKeys({ armoredKeys: text })))).flat();
  } catch (cause) {
    throw new FormatsError('FORMATS_BAD_VALUE', `a public key cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Loaded only where a mail is signed or opened: it takes longer to load than most commands to run. */
export function openPgp(): Promise<typeof import('openpgp')> {
  return import('openpgp');
}
