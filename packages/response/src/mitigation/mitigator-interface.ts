import type { Ask, Message, MessageRef, Outcome, SecurityEvent } from '@flowpact/event';
import type { ResponseMode } from '../rails/rails-config.ts';
import type { Candidate, Mitigation, MitigationState } from './mitigation.ts';

/** A partner as far as a request of it is judged. */
export interface RequestingPartner {
  /** `Party.name`. */
  readonly name: string;
  /** `none`, `low`, `medium`, `high`: what playbooks ask for. */
  readonly trustLevel: string;
  /** The prefixes that it answers for. */
  readonly addressSpace: readonly string[];
}

export interface MitigationQuery {
  readonly states?: readonly MitigationState[];
}

/**
 * Proposes, applies, takes back. Every step is in the audit log before it is taken. Methods reject with a ResponseError.
 * `who` is a person's name, as the log keeps it.
 */
export interface Mitigator {
  /** Reads the log, starts the emitters, and makes what is in force there agree with what should be. */
  start(): Promise<void>;
  /** Leaves what is in force; emitters that can, end it in time. */
  stop(): Promise<void>;
  /**
   * What the playbook makes of an event of ours, a mitigation for each rule that it takes. Where open mitigations are
   * against the same, these, which are needed for longer then.
   */
  propose(event: SecurityEvent): Promise<readonly Mitigation[]>;
  /**
   * What becomes of a partner's asks, which its policy permits; further answers follow by `MitigatorDeps.tell`. What the
   * message supersedes is retracted, but for rules that it asks for, too. The same
   * message again gets the answer of today.
   * @returns what to tell it for now.
   */
  request(message: Message, asks: readonly Ask[], partner: RequestingPartner): Promise<Outcome>;
  /**
   * What the playbook makes of a partner's alert: at most a proposal, on which a person decides. Further answers follow by
   * `MitigatorDeps.tell`.
   * @param ownSpace The prefixes that we answer for.
   * @returns what to tell it for now; `received` also where nothing becomes of it.
   */
  alert(message: Message, partner: RequestingPartner, ownSpace: readonly string[]): Promise<Outcome>;
  /**
   * A partner takes an alert or a request back: what it came to ends as `withdrawn`.
   * @returns what that is.
   */
  retract(reference: MessageRef): Promise<readonly Mitigation[]>;
  /** The candidates for an event, with what they would have hit, and nothing else done. */
  dryRun(event: SecurityEvent): Promise<readonly Candidate[]>;
  /** One yes. `candidate`: an index, where it is not the chosen one that is meant. */
  approve(
    id: string,
    who: string,
    options?: { readonly candidate?: number; readonly why?: string },
  ): Promise<Mitigation>;
  reject(id: string, who: string, why?: string): Promise<Mitigation>;
  /** So many seconds from now, within the longest life time. */
  extend(id: string, who: string, seconds: number, why?: string): Promise<Mitigation>;
  withdraw(id: string, who: string, why?: string): Promise<Mitigation>;
  /** Withdraws everything, rejects what is proposed, and sets the mode to `off`. @returns what was in force. */
  stopAll(who: string, why?: string): Promise<readonly Mitigation[]>;
  /** The mode from now on, also after a restart; never above that of the configuration. */
  setMode(mode: ResponseMode, who: string, why?: string): Promise<void>;
  readonly mode: ResponseMode;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  mitigation(id: string): Mitigation | undefined;
  /** The latest first. */
  mitigations(query?: MitigationQuery): readonly Mitigation[];
}
