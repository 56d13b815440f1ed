import type { Emitter } from '../emitter/emitter.ts';
import type { Origin } from '../mitigation/mitigation.ts';
import type { Rule } from '../rule/rule.ts';

/** A rule on its way to an emitter, with all that the rails want to know of it. */
export interface RuleOrder {
  readonly rule: Rule;
  /** When it ends, milliseconds since 1970. */
  readonly untilMs: number;
  readonly origin: Origin;
  /** Who has said yes; nobody where the playbook lets it go by itself. */
  readonly approvedBy: readonly string[];
  /** Whether the playbook demands a person's yes. */
  readonly needsApproval: boolean;
}

/** An emitter behind the rails: the only way to one. */
export interface GuardedEmitter extends Omit<Emitter, 'apply'> {
  /**
   * Resolves when the other side has taken it.
   * @throws ResponseError also `RESPONSE_REFUSED` and `RESPONSE_BAD_RULE`: the rail that stands in the way; nothing was
   * asked of the other side.
   */
  apply(order: RuleOrder): Promise<void>;
}
