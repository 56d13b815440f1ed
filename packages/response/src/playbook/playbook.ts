import type { Action, EventType } from '@flowpact/event';
import type { RuleAction } from '../rule/rule.ts';

/** What may become of an event; of several entries, the first that fits it. */
export interface PlaybookEntry {
  /** Of these types; left out: of any. */
  readonly eventTypes?: readonly EventType[];
  /**
   * Events that we found ourselves (`own`), or of partners of these trust levels: requests, and, in an entry
   * without `asks`, alerts, on which a person decides also where the level is `auto`. Default `['own']`.
   */
  readonly from?: readonly ('own' | 'none' | 'low' | 'medium' | 'high')[];
  /** Percent; events that say no confidence count as 0. Default 0. */
  readonly minConfidence?: number;
  /** Of a request: what is asked for; left out: whatever. */
  readonly asks?: readonly Action[];
  /** How far it may go. */
  readonly level: 'off' | 'propose' | 'approve' | 'auto';
  /** Names of emitters, the preferred first. */
  readonly emitters: readonly string[];
  /** What the rules do. Default `[{ kind: 'drop' }]`; `blackhole` only where it is listed. */
  readonly actions?: readonly RuleAction[];
  /** Default 3,600. */
  readonly lifetimeSeconds?: number;
}

/** In their order. */
export type Playbook = readonly PlaybookEntry[];
