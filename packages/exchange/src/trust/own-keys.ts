import { decryptKey, type PrivateKey, readPrivateKey } from 'openpgp';
import { ExchangeError } from '../exchange-error.ts';
import type { SecretKey } from './trust-config.ts';

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`, without a word of the key or its passphrase. */
export async function readOwnKeys(keys: readonly SecretKey[]): Promise<readonly PrivateKey[]> {
  return Promise.all(
    keys.map(async ({ armored, passphrase }, index) => {
      try {
        const key = await readPrivateKey({ armoredKey: armored });
        return key.isDecrypted() ? key : await decryptKey({ privateKey: key, passphrase: passphrase ?? '' });
      } catch (cause) {
        throw new ExchangeError(
          'EXCHANGE_BAD_CONFIG',
          `private key ${index + 1} of ${keys.length} cannot be used: ${(cause as Error).message}`,
          { permanent: true },
        );
      }
    }),
  );
}

/**
 * Those that may sign at this time.
 * @throws ExchangeError `EXCHANGE_NO_KEY` where there is none.
 */
export async function signingKeys(keys: readonly PrivateKey[], date: Date): Promise<readonly PrivateKey[]> {
  let reason = 'none is configured';
  const usable: PrivateKey[] = [];
  for (const key of keys) {
    try {
      await key.getSigningKey(undefined, date);
      usable.push(key);
    } catch (cause) {
      reason = (cause as Error).message;
    }
  }
  if (usable.length === 0) {
    throw new ExchangeError('EXCHANGE_NO_KEY', `no key of ours can sign: ${reason}; configure one that can`);
  }
  return usable;
}
