/** Flow records, packets and octets, as exported; times the sampling rate where that is known. */
export interface TrafficTotals {
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

/** Of so much, so much is hit. */
export interface TrafficShare {
  readonly hit: TrafficTotals;
  readonly all: TrafficTotals;
}

/** A host that is hit and is no part of the attack. */
export interface HitHost extends TrafficTotals {
  readonly address: string;
  /** Which end of the flows it is: the one that is not the attack's target, nor its source. */
  readonly end: 'source' | 'destination';
}

/** What a rule would have done to the traffic of a while. */
export interface CollateralReport {
  /** The flows that were looked at started at or after this, milliseconds since 1970, */
  readonly fromMs: number;
  /** and before this. */
  readonly toMs: number;
  /** The traffic of the event: the more of it is hit, the better. */
  readonly attack: TrafficShare;
  /** All other traffic of the targets and of the sources of the event, and whatever else the rule hits. */
  readonly others: TrafficShare;
  /** Hosts that are hit and no part of the attack, all of them. */
  readonly otherHosts: number;
  /** Those with most octets, the largest first. */
  readonly topOtherHosts: readonly HitHost[];
  /** Hosts of the allow list among those that are hit. */
  readonly allowedHosts: readonly string[];
  /** Whether flows were left out, because there were more than are looked at or not all were kept. */
  readonly isPartial: boolean;
  /** Whether it stays below the limits of the configuration, and where not, which it passes. */
  readonly verdict: { readonly isAcceptable: boolean; readonly reason: string };
}
