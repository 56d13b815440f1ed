import type { Action, EventType, Tlp } from '@flowpact/event';
import type { TrustLevel } from './trust-level.ts';

/** What a partner may know and ask. What is left out follows from the trust level: see `defaultPolicies`. */
export interface PartnerPolicy {
  /** Default `low`. */
  readonly trustLevel?: TrustLevel;
  /**
   * It is told of events of these types wherever they happen, beside those that concern its address space, where TLP
   * allows: up to GREEN. Default none.
   */
  readonly subscriptions?: readonly EventType[];
  /** It is a client of ours: what another network has told us as AMBER may be told on to it (TLP 2.0). Default false. */
  readonly isClient?: boolean;
  /** What it may see. */
  readonly disclosure?: Partial<Disclosure>;
  /** What it may ask for. */
  readonly asks?: Partial<AskPolicy>;
  /** How many alerts it gets; what is more is held back and told in a digest. */
  readonly rateLimit?: Partial<RateLimit>;
  /**
   * What becomes of its alerts that concern neither its address space nor ours: `refuse` answers `rejected`, `mark`
   * lets them be decided on, and tells. Requests for what does not concern it are always refused.
   */
  readonly foreignSpace?: ForeignSpace;
}

export type ForeignSpace = 'refuse' | 'mark';

/** Optional parts of an event. `names` are host names of endpoints, `exporters` the routers that exported the flows. */
export const disclosedFields = [
  'detector',
  'classifications',
  'severity',
  'confidence',
  'totals',
  'text',
  'names',
  'flowSource',
  'flows',
  'exporters',
  'additional',
] as const;
export type DisclosedField = (typeof disclosedFields)[number];

/**
 * A column of flows: the number of an IANA Information Element, `PEN/number` of an enterprise's one (`29305/1`: of the
 * reverse direction, RFC 5103), or the name of one without a number.
 */
export type FlowColumnName = number | string;

export interface Disclosure {
  /** It is told of these types only. */
  readonly eventTypes: readonly EventType[];
  /** The strictest label that it may see; of `red` only what is addressed to it by name. */
  readonly maxTlp: Tlp;
  readonly fields: readonly DisclosedField[];
  /** Columns that its flows have; the others are left out. Default: see `defaultFlowColumns`. */
  readonly flowColumns: readonly FlowColumnName[];
  /** Flows in one message, 0..100,000; the first are kept. Default 1,000. */
  readonly maxFlows: number;
  readonly anonymisation: AddressAnonymisation;
}

/**
 * Whose an address is: `ours`, by our address space; `attackers`: those of the event's sources that are not ours;
 * `others`. The partner's own are in none of these: it needs them in order to act, so they always stay as they are.
 */
export const addressGroups = ['ours', 'attackers', 'others'] as const;
export type AddressGroup = (typeof addressGroups)[number];

export type AddressAnonymisation =
  | { readonly kind: 'none' }
  | {
      /** Addresses become networks. */
      readonly kind: 'truncation';
      readonly of: readonly AddressGroup[];
      /** Bits that stay, 0..32. */
      readonly ipv4Bits: number;
      /** Bits that stay, 0..128. */
      readonly ipv6Bits: number;
    }
  | {
      /**
       * Addresses become others, so that two that share their first n bits share exactly n bits afterwards (Crypto-PAn).
       * Only within flows: in sources and targets they are left out, since nothing there can say that they are none.
       */
      readonly kind: 'prefixPreserving';
      readonly of: readonly AddressGroup[];
      /** 32 octets, for this partner alone. Who holds it can undo it. */
      readonly key: Uint8Array;
    };

export interface AskPolicy {
  readonly actions: readonly Action[];
  /** The longest that a block, rate limit, blackhole or redirection may be asked for, seconds. Default 86,400. */
  readonly maxLifetimeSeconds: number;
  /** The shortest IPv4 prefix that these may be asked for, 0..32. Default 24. */
  readonly minIpv4PrefixLength: number;
  /** The same of IPv6, 0..128. Default 48. */
  readonly minIpv6PrefixLength: number;
  /** The longest time that it may ask flows of, milliseconds. Default 24 hours. */
  readonly maxFlowSpanMs: number;
  /** Requests for flows that are answered in any hour. Default 60. */
  readonly maxFlowRequests: number;
}

export interface RateLimit {
  /** Alerts in any period of this length, 1..100,000. Default 60. */
  readonly messages: number;
  /** Milliseconds. Default 1 hour. */
  readonly periodMs: number;
}
