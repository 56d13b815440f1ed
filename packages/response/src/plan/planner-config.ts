import { type CollateralConfig, defaultCollateral } from '../collateral/collateral-config.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { RailsConfig } from '../rails/rails-config.ts';
import { defaultRails } from '../rails/rails-config.ts';

export interface PlannerConfig {
  readonly playbook: Playbook;
  readonly rails: Pick<
    RailsConfig,
    'minIpv4PrefixLength' | 'minIpv6PrefixLength' | 'maxLifetimeSeconds' | 'allowList'
  >;
  readonly collateral: CollateralConfig;
  /** Rules against one event, 1..100. Default 8. */
  readonly maxRules: number;
  /** Candidates for each of these, blackholes aside, 1..100. Default 12. */
  readonly maxCandidates: number;
  /** Rows of an event's flows that are looked at. Default 10,000. */
  readonly maxEvidence: number;
}

/** Life time of a rule where the playbook does not say. */
export const defaultLifetimeSeconds = 3_600;

export const defaultPlanner: PlannerConfig = {
  playbook: [],
  rails: defaultRails,
  collateral: defaultCollateral,
  maxRules: 8,
  maxCandidates: 12,
  maxEvidence: 10_000,
};
