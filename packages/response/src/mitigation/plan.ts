import type { Ask, SecurityEvent } from '@flowpact/event';
import type { Candidate, Origin } from './mitigation.ts';

/** What something might be done about. */
export interface Trigger {
  readonly event: SecurityEvent;
  readonly origin: Origin;
  /** What a partner asks for; left out: no partner asks. */
  readonly asks?: readonly Ask[];
  /** Of the partner that asks: `none`, `low`, `medium`, `high`. */
  readonly trustLevel?: string;
}

/** One rule to be proposed, and what else it might be. */
export interface Plan {
  readonly level: 'propose' | 'approve' | 'auto';
  /** From when it is applied; of a request, what is asked for at most. */
  readonly lifetimeSeconds: number;
  /** The narrowest first, with those that something is against; at least one. */
  readonly candidates: readonly Candidate[];
  /** Index of the first that nothing is against; of the first of all where something is against each. */
  readonly chosen: number;
}

/**
 * What the playbook makes of a trigger, tried on the flows that were kept. None: nothing is to be done. Several: it takes
 * several rules, as against several sources; the list is bounded.
 */
export type PlanMitigations = (trigger: Trigger) => Promise<readonly Plan[]>;
