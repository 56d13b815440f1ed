import { defaultMimeLimits, type MimeLimits } from '../mime/mime-limits.ts';

export interface OpenPgpTrustConfig {
  /** Our `Party.name`: what our partners address. Visible ASCII. */
  readonly self: string;
  /**
   * Ours. All that are valid sign, so that during a rotation partners who know the old or the new one can verify; all
   * decrypt.
   */
  readonly keys: readonly SecretKey[];
  readonly partners: readonly PartnerKeys[];
  readonly limits?: Partial<TrustLimits>;
}

/** A private key, and what unlocks it. */
export interface SecretKey {
  /** Armored (RFC 9580, section 6.2). */
  readonly armored: string;
  /** Left out where the key is not locked. */
  readonly passphrase?: string;
}

/** What one partner signs with. */
export interface PartnerKeys {
  /** `Party.name`. Visible ASCII. */
  readonly partner: string;
  /** Each counts while it is valid, so that the old and the new one overlap during a rotation. At most 16. */
  readonly keys: readonly PartnerKey[];
  /** Whether what leaves for it is encrypted to its valid keys. Default false: it is signed only. */
  readonly encrypt?: boolean;
}

export interface PartnerKey {
  /** One public key, armored. Its own expiry and revocation count, too. */
  readonly armored: string;
  /** Signatures made before are refused, milliseconds since 1970. Left out: from the key's creation on. */
  readonly fromMs?: number;
  /** Signatures made from then on are refused, milliseconds since 1970. Left out: until the key expires. */
  readonly untilMs?: number;
  /** The partner has told us not to believe it any more: refused whenever the signature was made. Default false. */
  readonly revoked?: boolean;
}

export interface TrustLimits extends MimeLimits {
  /** How far a partner's clock may be ahead of ours, milliseconds. Default 5 min. */
  readonly maxSkewMs: number;
  /**
   * The oldest signature that counts, milliseconds; an older message is a replay. Default 7 days: longer than mail
   * relays keep trying (RFC 5321, section 4.5.4.1: 4 to 5 days).
   */
  readonly maxAgeMs: number;
  /** How long after the end of a key what it signed before may still arrive, milliseconds. Default 1 day. */
  readonly graceMs: number;
  /** Signatures of one document that are looked at. Default 8. */
  readonly maxSignatures: number;
  /** Bytes of a document when it is decrypted and unpacked. Default 20 MiB. */
  readonly maxDecryptedBytes: number;
}

export const defaultTrustLimits: TrustLimits = {
  ...defaultMimeLimits,
  maxSkewMs: 5 * 60_000,
  maxAgeMs: 7 * 24 * 3_600_000,
  graceMs: 24 * 3_600_000,
  maxSignatures: 8,
  maxDecryptedBytes: 20 * 1024 * 1024,
};

export const maxKeysPerPartner = 16;
