import { EventError } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import type { Origin } from '../mitigation/mitigation.ts';
import { ResponseError } from '../response-error.ts';
import { normalRule } from '../rule/normal-rule.ts';
import type { Rule } from '../rule/rule.ts';
import { ruleText } from '../rule/rule-text.ts';
import { createAddressRails } from './address-rails.ts';
import { approvalRefusal, lowerMode } from './approval-rails.ts';
import { checkRailsConfig } from './check-rails-config.ts';
import type { RuleOrder } from './guarded-emitter.ts';
import type { HeldRule } from './held-rule.ts';
import type { RailsConfig, ResponseMode } from './rails-config.ts';
import { createRuleLedger } from './rule-ledger.ts';

export interface RailsDeps {
  readonly clock: Clock;
  /**
   * What is in force as it is written down: mitigations that are `applied`, `confirmed` or `withdrawing`, not those that
   * are still `applying` (the rails count them from the moment that they let them pass). Default: nothing.
   */
  readonly inForce?: () => Iterable<HeldRule>;
  /** The mode that an operator has set; that of the configuration holds where it is more careful. Default: that. */
  readonly mode?: () => ResponseMode;
}

/** What a rule looks like that may go to an emitter: nobody can change it any more. */
export interface PassedRule {
  readonly rule: Rule;
  readonly untilMs: number;
}

/** What holds for every rule at every emitter, however it came there. */
export interface Rails {
  /** The mode that holds. */
  readonly mode: ResponseMode;
  /**
   * Of the rails, those that depend on nothing but the rule and who wants it: what they refuse once, they always will.
   * @returns the one that stands in the way, for people.
   */
  refusal(rule: Rule, origin: Origin): string | undefined;
  /**
   * All rails, for what goes to an emitter at once. What passes counts from now on.
   * @param objection why that emitter cannot say a rule.
   * @throws ResponseError `RESPONSE_REFUSED` with the rail that stands in the way; `RESPONSE_BAD_RULE`.
   */
  pass(emitter: string, order: RuleOrder, objection: (rule: Rule) => string | undefined): PassedRule;
  /** For what is withdrawn, in every mode: `released` makes it count no more, once the emitter has taken that. */
  release(emitter: string, rule: Rule): { readonly rule: Rule; readonly released: () => void };
}

/** @throws ResponseError `RESPONSE_BAD_CONFIG`. */
export function createRails(config: RailsConfig, deps: RailsDeps): Rails {
  checkRailsConfig(config);
  const settled = frozen(plainCopy(config));
  const { clock } = deps;
  const addresses = createAddressRails(settled);
  const ledger = createRuleLedger(settled, clock, deps.inForce ?? (() => []));
  const mode = (): ResponseMode => lowerMode(settled.mode, deps.mode?.() ?? settled.mode);

  function lifetimeRefusal(untilMs: number): string | undefined {
    if (!Number.isSafeInteger(untilMs)) return `it ends at ${String(untilMs)}, which is no time`;
    const leftMs = untilMs - clock.now();
    if (!(leftMs > 0)) return 'its life time is over';
    if (leftMs <= settled.maxLifetimeSeconds * 1_000) return undefined;
    return `it ends in ${Math.ceil(leftMs / 1_000)} seconds, more than maxLifetimeSeconds, ${settled.maxLifetimeSeconds}`;
  }

  function addressRefusal(rule: Rule, origin: Origin): string | undefined {
    try {
      return addresses.refusal(rule, origin);
    } catch (error) {
      if (error instanceof EventError) return error.message;
      throw error;
    }
  }

  return {
    get mode() {
      return mode();
    },
    refusal(rule, origin) {
      try {
        return addressRefusal(frozenRule(rule), plainCopy(origin));
      } catch (error) {
        if (error instanceof ResponseError) return error.message;
        throw error;
      }
    },
    pass(emitter, given, objection) {
      const order = plainCopy(given);
      const rule = frozenRule(order.rule);
      const held: HeldRule = {
        emitter,
        rule,
        text: ruleText(rule),
        sinceMs: clock.now(),
        untilMs: order.untilMs,
        ...(order.origin.kind === 'request' ? { partner: order.origin.partner } : {}),
      };
      const refusal =
        approvalRefusal(order, mode(), settled) ??
        lifetimeRefusal(order.untilMs) ??
        addressRefusal(rule, order.origin) ??
        objection(rule) ??
        ledger.refusal(held);
      if (refusal !== undefined) {
        throw new ResponseError('RESPONSE_REFUSED', `${emitter} does not get "${held.text}": ${refusal}`);
      }
      ledger.hold(held);
      return { rule, untilMs: order.untilMs };
    },
    release(emitter, given) {
      const rule = frozenRule(given);
      const held = ledger.held(emitter, ruleText(rule));
      return {
        rule,
        released: () => {
          if (held !== undefined) ledger.release(held);
        },
      };
    },
  };
}

/** What is checked is what is applied: a copy that nobody else has, in its one spelling, which cannot change. */
function frozenRule(given: Rule): Rule {
  return frozen(normalRule(plainCopy(given)));
}

/** Data alone: getters are read once, prototypes are gone. @throws ResponseError `RESPONSE_BAD_RULE`. */
function plainCopy<T>(given: T): T {
  try {
    return structuredClone(given);
  } catch (cause) {
    throw new ResponseError('RESPONSE_BAD_RULE', 'not a rule: it is made of more than data', { cause });
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) frozen(member);
    Object.freeze(value);
  }
  return value;
}
