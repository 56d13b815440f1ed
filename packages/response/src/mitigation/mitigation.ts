import type { MessageRef, SecurityEvent } from '@flowpact/event';
import type { CollateralReport } from '../collateral/collateral-report.ts';
import type { Rule } from '../rule/rule.ts';

/** Who wants it. */
export type Origin =
  /** A statement of ours found the event. */
  | { readonly kind: 'event' }
  | {
      /** A partner asked, or told of an event. */
      readonly kind: 'request';
      /** `Party.name`. */
      readonly partner: string;
      /** What it asked with. */
      readonly reference: MessageRef;
      /** The prefixes that it answers for: what it asks may touch traffic to these and no other. */
      readonly addressSpace: readonly string[];
      /**
       * Of an alert, which asks for nothing: our own prefixes. What a rule may touch is then traffic to or from these or the
       * partner's, and a person decides on it whatever the playbook lets go by itself. Left out: it asked.
       */
      readonly ownSpace?: readonly string[];
    }
  | {
      /** Somebody of ours. */
      readonly kind: 'person';
      readonly who: string;
    };

/** Whether it came of a partner's alert. */
export const isOfAlert = (origin: Origin): boolean =>
  origin.kind === 'request' && origin.ownSpace !== undefined;

/** A rule that would help, the emitter that it would go to, and what it would have hit. */
export interface Candidate {
  readonly rule: Rule;
  /** Name of the emitter. */
  readonly emitter: string;
  /** What it would have hit; left out where no flows are kept. */
  readonly collateral?: CollateralReport;
  /** Why it is not to be applied; left out: nothing is against it. */
  readonly refusal?: string;
}

/**
 * In the order of a life. `applying`, `applied`: written down before the emitter is asked, after it has said yes.
 * `confirmed`: read back. `withdrawing`: written down before the emitter is asked to take it back; what it ends as
 * (`expired`, `withdrawn`) is reached when reading back shows that it is gone. The last four end it.
 */
export const mitigationStates = [
  'proposed',
  'approved',
  'applying',
  'applied',
  'confirmed',
  'withdrawing',
  'expired',
  'withdrawn',
  'rejected',
  'failed',
] as const;

export type MitigationState = (typeof mitigationStates)[number];

/** One step of a life. */
export interface MitigationTurn {
  readonly atMs: number;
  readonly state: MitigationState;
  /** A person (`anna`), a partner (`isp-b.example`), or `flowpact` itself. */
  readonly who: string;
  readonly why?: string;
}

/** A rule from its proposal to its end. */
export interface Mitigation {
  /** Decimal, grows in the order of proposing, never used twice. */
  readonly id: string;
  readonly origin: Origin;
  /** What it is against, without its flows. */
  readonly event: SecurityEvent;
  /** How far it may go by the playbook: `propose` is only looked at. */
  readonly level: 'propose' | 'approve' | 'auto';
  /** The narrowest first. */
  readonly candidates: readonly Candidate[];
  /** The candidate that is applied, would be, or was: an index. */
  readonly chosen: number;
  /** From when it is applied. */
  readonly lifetimeSeconds: number;
  readonly state: MitigationState;
  /** When it ends by itself, milliseconds since 1970; from `applying` on. */
  readonly untilMs?: number;
  /** Who has said yes so far. */
  readonly approvals: readonly { readonly who: string; readonly atMs: number }[];
  /** How it came here, the first step first. */
  readonly turns: readonly MitigationTurn[];
}
