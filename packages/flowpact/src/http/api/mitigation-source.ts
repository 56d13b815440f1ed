import type { EmitterKind, Mitigation, Mitigator, ResponseMode, RuleInForce } from '@flowpact/response';
import type { Page } from './schema/paging.ts';
import type { AuditEntry, AuditQuery, AuditVerification } from './schema/response-schema.ts';

/** What one emitter says is in force there, or why it could not say. */
export interface EmitterRules {
  readonly emitter: string;
  readonly kind: EmitterKind;
  readonly rules: readonly RuleInForce[];
  readonly failure?: string;
}

/**
 * What the API and the page show of the response, and what they may do to it: a Mitigator, with its emitters and its audit log.
 * What it refuses, it refuses with a ResponseError, whose message is told to the client.
 */
export interface MitigationSource
  extends Pick<
    Mitigator,
    | 'mode'
    | 'mitigation'
    | 'mitigations'
    | 'dryRun'
    | 'approve'
    | 'reject'
    | 'extend'
    | 'withdraw'
    | 'stopAll'
    | 'setMode'
  > {
  /** What the mode may be set to. */
  readonly modes: readonly ResponseMode[];
  readonly approvals: 1 | 2;
  readonly maxLifetimeSeconds: number;
  readonly emitters: readonly { readonly name: string; readonly kind: EmitterKind }[];
  /** Asks every emitter. */
  inForce(): Promise<readonly EmitterRules[]>;
  /** The latest first. */
  auditEntries(query: AuditQuery): Promise<Page<AuditEntry>>;
  verifyAudit(): Promise<AuditVerification>;
  /** Hears of every step of a mitigation. Returns what ends that. */
  subscribe(onChange: (mitigation: Mitigation) => void): () => void;
}
