import { type PublicKey, readKey } from 'openpgp';
import { ExchangeError } from '../exchange-error.ts';
import { maxKeysPerPartner, type PartnerKey, type PartnerKeys } from './trust-config.ts';

/** A key that we hold, and whose it is. */
export interface HeldKey {
  /** `Party.name`. */
  readonly owner: string;
  readonly key: PublicKey;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly revoked?: boolean;
}

/** The public keys of our partners and our own, by the id of whatever in them can sign. */
export interface PartnerKeyRing {
  /** @param keyId 16 hexadecimal digits. Several where two partners share a key, or two keys an id. */
  signers(keyId: string): readonly HeldKey[];
  /** Those of a partner that can be encrypted to at this time. @throws ExchangeError `EXCHANGE_NO_KEY`. */
  encryptionKeys(partner: string, date: Date): Promise<readonly PublicKey[]>;
}

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`. */
export async function createPartnerKeyRing(
  self: { readonly name: string; readonly keys: readonly PublicKey[] },
  partners: readonly PartnerKeys[],
): Promise<PartnerKeyRing> {
  const byOwner = new Map<string, readonly HeldKey[]>();
  byOwner.set(
    self.name,
    self.keys.map((key) => ({ owner: self.name, key })),
  );
  for (const { partner, keys } of partners) {
    if (byOwner.has(partner)) throw badConfig(`the keys of "${partner}" are configured twice`);
    if (keys.length > maxKeysPerPartner) {
      throw badConfig(`${partner} has ${keys.length} keys; at most ${maxKeysPerPartner} are held of each`);
    }
    byOwner.set(partner, await Promise.all(keys.map((key, index) => readHeldKey(partner, key, index))));
  }
  const byKeyId = new Map<string, HeldKey[]>();
  for (const held of [...byOwner.values()].flat()) {
    for (const keyId of new Set(held.key.getKeyIDs().map((id) => id.toHex()))) {
      byKeyId.set(keyId, [...(byKeyId.get(keyId) ?? []), held]);
    }
  }
  return {
    signers: (keyId) => byKeyId.get(keyId) ?? [],
    async encryptionKeys(partner, date) {
      const usable: PublicKey[] = [];
      for (const held of byOwner.get(partner) ?? []) {
        if (await canEncrypt(held, date)) usable.push(held.key);
      }
      if (usable.length > 0) return usable;
      throw new ExchangeError(
        'EXCHANGE_NO_KEY',
        `no key of ${partner} can be encrypted to at present; ask it for a new one`,
      );
    },
  };
}

async function readHeldKey(owner: string, key: PartnerKey, index: number): Promise<HeldKey> {
  const { armored, ...validity } = key;
  try {
    const read = await readKey({ armoredKey: armored });
    return { owner, key: read.toPublic(), ...validity };
  } catch (cause) {
    throw badConfig(`key ${index + 1} of ${owner} cannot be read: ${(cause as Error).message}`);
  }
}

async function canEncrypt({ key, fromMs, untilMs, revoked }: HeldKey, date: Date): Promise<boolean> {
  const nowMs = date.getTime();
  if (revoked === true || nowMs < (fromMs ?? -Infinity) || nowMs >= (untilMs ?? Infinity)) return false;
  try {
    await key.getEncryptionKey(undefined, date);
    return true;
  } catch {
    return false;
  }
}

function badConfig(message: string): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_CONFIG', message, { permanent: true });
}
