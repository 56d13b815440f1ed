import type { Party } from '@flowpact/event';
import type { PartnerPolicy } from './partner-policy.ts';

/** Where a partner is reached, and where its messages come from: one way of carrying, one address. */
export interface PartnerRoute {
  /** The `kind` of the transport that knows this address, e.g. `smtp`. */
  readonly transport: string;
  /** In the transport's own spelling, e.g. `flex@isp-b.example`. */
  readonly address: string;
}

/** Another network. Its `party.name` is what it calls itself in its messages, and what we call it. */
export interface Partner {
  readonly party: Party;
  /** The networks that it answers for, e.g. `192.0.2.0/24`, `2001:db8::/32`. Default none. */
  readonly addressSpace?: readonly string[];
  /** What it reads, the preferred first, e.g. `['flex']`. */
  readonly languages: readonly string[];
  /** How it is reached, the preferred first. */
  readonly routes: readonly PartnerRoute[];
  /**
   * What becomes of its messages that are not signed with one of its keys: `refuse`, the default, or `record`, to log
   * and show them. They are never acted on and never answered.
   */
  readonly unsigned?: 'refuse' | 'record';
  /** What it may see and ask. Default: that of the trust level `low`. */
  readonly policy?: PartnerPolicy;
}
