import type { EventType } from './api-types.ts';

/*
 * What the API answers about the response, as far as the page reads it; held against the schemas like the types in
 * `api-types.ts`.
 */

export type ResponseMode = 'off' | 'dry-run' | 'approve' | 'auto';

export type MitigationState =
  | 'proposed'
  | 'approved'
  | 'applying'
  | 'applied'
  | 'confirmed'
  | 'withdrawing'
  | 'expired'
  | 'withdrawn'
  | 'rejected'
  | 'failed';

export interface ResponseStatus {
  readonly mode: ResponseMode;
  readonly waiting: number;
  readonly active: number;
  /** Steps of mitigations since the start: when it grows, there is something new. */
  readonly changes: number;
}

export interface ResponseView extends ResponseStatus {
  readonly ended: number;
  readonly modes: readonly ResponseMode[];
  readonly approvals: number;
  readonly maxLifetimeSeconds: number;
  readonly emitters: readonly { readonly emitter: string; readonly kind: string }[];
  /** Whose own token this was asked with. */
  readonly you?: string;
}

/** Who asks for a change, and why; the name is left out where the token says it. */
export interface Said {
  readonly who?: string;
  readonly why?: string;
}

export interface Totals {
  readonly flows: number;
  readonly packets: number;
  readonly octets: number;
}

export interface Share {
  readonly hit: Totals;
  readonly all: Totals;
}

export interface HitHost extends Totals {
  readonly address: string;
  readonly end: 'source' | 'destination';
}

export interface Collateral {
  readonly fromMs: number;
  readonly toMs: number;
  readonly attack: Share;
  readonly others: Share;
  readonly otherHosts: number;
  readonly topOtherHosts: readonly HitHost[];
  readonly allowedHosts: readonly string[];
  readonly isPartial: boolean;
  readonly verdict: { readonly isAcceptable: boolean; readonly reason: string };
}

export interface Candidate {
  readonly rule: string;
  readonly emitter: string;
  readonly collateral?: Collateral | undefined;
  readonly refusal?: string | undefined;
}

export interface MitigationSummary {
  readonly id: string;
  readonly state: MitigationState;
  readonly phase: 'waiting' | 'active' | 'ended';
  readonly level: 'propose' | 'approve' | 'auto';
  readonly origin: {
    readonly kind: 'event' | 'request' | 'alert' | 'person';
    readonly name?: string | undefined;
  };
  readonly event: {
    readonly type: EventType;
    readonly sources: readonly string[];
    readonly sourceCount: number;
    readonly targets: readonly string[];
    readonly targetCount: number;
    readonly statement?: string | undefined;
    readonly confidence?: number | undefined;
    readonly text?: string | undefined;
  };
  /** The place of `candidate` among the candidates, from 0. */
  readonly chosen: number;
  readonly candidate: Candidate;
  readonly candidateCount: number;
  readonly lifetimeSeconds: number;
  readonly proposedMs: number;
  readonly changedMs: number;
  readonly untilMs?: number | undefined;
  readonly approvals: readonly { readonly who: string; readonly atMs: number }[];
}

export interface MitigationDetail extends MitigationSummary {
  readonly candidates: readonly Candidate[];
  readonly turns: readonly {
    readonly atMs: number;
    readonly state: MitigationState;
    readonly who: string;
    readonly why?: string | undefined;
  }[];
}

export interface EmitterInForce {
  readonly emitter: string;
  readonly kind: string;
  readonly failure?: string | undefined;
  readonly rules: readonly {
    readonly rule: string;
    readonly untilMs?: number | undefined;
    readonly mitigation?: string | undefined;
  }[];
}

export interface AuditEntry {
  readonly number: number;
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
  readonly mitigation?: string | undefined;
  readonly why?: string | undefined;
  readonly hash: string;
}

export interface AuditVerification {
  readonly holds: boolean;
  readonly entries: number;
  readonly head?: { readonly number: number; readonly hash: string } | undefined;
  readonly problem?: string | undefined;
}
