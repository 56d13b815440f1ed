import { generateKey } from 'openpgp';
import { type Clock, systemClock } from '../clock.ts';

export interface NewKeyConfig {
  /** `Party.name`, the name of its user id. */
  readonly name: string;
  /** The mail address of its user id. */
  readonly email: string;
  /** Locks the private key. Left out: it is not locked. */
  readonly passphrase?: string;
  /** From its creation to its end, milliseconds. Left out: it does not expire. */
  readonly lifetimeMs?: number;
}

export interface NewKey {
  /** To be kept where nobody else reads it, armored. */
  readonly privateKey: string;
  /** For the partners, armored. */
  readonly publicKey: string;
  /** Tells the partners that the key is not to be believed any more, armored. To be kept apart from the private key. */
  readonly revocationCertificate: string;
}

/** A key that signs with Ed25519 and decrypts with X25519, in the form that GnuPG 2.2 reads as well (RFC 9580, 9.2). */
export async function createOpenPgpKey(
  { name, email, passphrase, lifetimeMs }: NewKeyConfig,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<NewKey> {
  return generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name, email }],
    date: new Date(clock.now()),
    format: 'armored',
    config: { aeadProtect: false },
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(lifetimeMs === undefined ? {} : { keyExpirationTime: Math.ceil(lifetimeMs / 1_000) }),
  });
}
