import type { Partner } from '../partner/partner.ts';
import type { PartnerKey } from '../trust/trust-config.ts';

/** What a network says of itself to one that shall know it. */
export type InvitedNetwork = Pick<Partner, 'party' | 'addressSpace' | 'languages' | 'routes'>;

/** An invitation that was read: it is whole, and whoever made it holds the keys in it. Who that is, it cannot prove. */
export interface Invitation {
  readonly network: InvitedNetwork;
  /** All of its keys have signed the invitation. */
  readonly keys: readonly PartnerKey[];
  /**
   * One of each key, to be compared by telephone, with a number that is known from elsewhere; 40 hexadecimal digits in
   * groups of four, or 64 of newer keys.
   */
  readonly fingerprints: readonly string[];
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/** The names of what stands in the file. */
export interface InvitationText extends InvitedNetwork {
  readonly flowpactInvitation: 1;
  readonly createdMs: number;
  /** Armored public keys. */
  readonly keys: readonly string[];
}
