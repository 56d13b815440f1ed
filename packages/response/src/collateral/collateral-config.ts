/** What a rule may hit, and has to, for nothing to be against it. */
export interface CollateralLimits {
  /** Of the packets of the attack, at least this share, 0..1. Default 0.2. */
  readonly minAttackShare: number;
  /** Of the octets of the others, at most this share, 0..1. Default 0.01. */
  readonly maxOtherOctetsShare: number;
  /** Flow records of others. Default 100. */
  readonly maxOtherFlows: number;
  /** Hosts that are no part of the attack. Default 10. */
  readonly maxOtherHosts: number;
}

export interface CollateralConfig {
  /** Rules are tried on the flows of so long. Default 1,800,000: half an hour. */
  readonly windowMs: number;
  /** Flows looked at, those alike counted as one; of more, those with most octets. Default 500,000. */
  readonly maxFlows: number;
  /** Hosts counted for each rule; of more, it is said that there are. Default 10,000. */
  readonly maxHosts: number;
  /** Hosts named for each rule. Default 10. */
  readonly topHosts: number;
  /** For every rule but blackholes. */
  readonly limits: CollateralLimits;
  /**
   * For blackholes, which hit all that the victim has. Default the same: they pass where hardly anything but the attack
   * is there. Who would rather give up a victim than a line says more here.
   */
  readonly blackholeLimits: CollateralLimits;
}

const limits: CollateralLimits = {
  minAttackShare: 0.2,
  maxOtherOctetsShare: 0.01,
  maxOtherFlows: 100,
  maxOtherHosts: 10,
};

export const defaultCollateral: CollateralConfig = {
  windowMs: 1_800_000,
  maxFlows: 500_000,
  maxHosts: 10_000,
  topHosts: 10,
  limits,
  blackholeLimits: limits,
};
