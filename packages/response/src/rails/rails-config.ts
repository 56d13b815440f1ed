/**
 * How far anything may go, whatever a playbook says. `off`: nothing is proposed. `dry-run`: everything is, and written
 * down, but no emitter is ever asked. `approve`: nothing is applied without a person. `auto`: what the playbook lets.
 */
export const responseModes = ['off', 'dry-run', 'approve', 'auto'] as const;
export type ResponseMode = (typeof responseModes)[number];

/** What holds for every rule at every emitter, however it came there. */
export interface RailsConfig {
  /** Default `dry-run`. */
  readonly mode: ResponseMode;
  /** Prefixes that no rule may meet with its source or its destination. Default none. */
  readonly allowList: readonly string[];
  /** The shortest prefix of a rule, of its source and of its destination, 1..32. Default 24. */
  readonly minIpv4PrefixLength: number;
  /** 1..128. Default 48. */
  readonly minIpv6PrefixLength: number;
  /** Default 86,400. */
  readonly maxLifetimeSeconds: number;
  /** People who have to say yes where approval is wanted, 1 or 2. Default 1. */
  readonly approvals: 1 | 2;
  /** Rules in force at a time. Default 1,000. */
  readonly maxInForce: number;
  /** The same for each partner that asked. Default 20. */
  readonly maxInForcePerPartner: number;
  /** The same for each destination. Default 20. */
  readonly maxInForcePerTarget: number;
  /** Rules applied in any minute. Default 60. */
  readonly maxPerMinute: number;
}

export const defaultRails: RailsConfig = {
  mode: 'dry-run',
  allowList: [],
  minIpv4PrefixLength: 24,
  minIpv6PrefixLength: 48,
  maxLifetimeSeconds: 86_400,
  approvals: 1,
  maxInForce: 1_000,
  maxInForcePerPartner: 20,
  maxInForcePerTarget: 20,
  maxPerMinute: 60,
};
