import type { Rule } from '../rule/rule.ts';

export type EmitterKind = 'exabgp' | 'gobgp' | 'nftables' | 'blockList' | 'webhook';

/** A rule that was found where rules are handed to. */
export interface RuleInForce {
  readonly rule: Rule;
  /** When it goes by itself, milliseconds since 1970; left out: it stays until it is withdrawn. */
  readonly untilMs?: number;
}

/**
 * Hands rules to something that acts on them, and tells what is in force there. Rules are known by what they say
 * (`ruleText`): applying one again renews it, and there are never two of it. Nothing that others put there is touched.
 * Methods reject with ResponseError `RESPONSE_EMITTER_FAILED`; what was asked may have been done all the same, as `inForce` tells.
 *
 * Emitters are made and used through `guardEmitter` only, which has the last word on every rule.
 */
export interface Emitter {
  /** Its name in the configuration. */
  readonly name: string;
  readonly kind: EmitterKind;
  /** Why it cannot say this rule; undefined where it can. Known before `start`. */
  objection(rule: Rule): string | undefined;
  start(): Promise<void>;
  /** Leaves what is in force. */
  stop(): Promise<void>;
  /** Resolves when the other side has taken it. `untilMs`: milliseconds since 1970. */
  apply(rule: Rule, untilMs: number): Promise<void>;
  /** Resolves when the other side has taken that, also where it had no such rule. */
  withdraw(rule: Rule): Promise<void>;
  /** Read from the other side, in no order. */
  inForce(): Promise<readonly RuleInForce[]>;
}
