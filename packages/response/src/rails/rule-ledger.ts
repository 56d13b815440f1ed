import { type IpPrefix, parseIpPrefix } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import { prefixesMeet } from '../rule/prefix.ts';
import type { HeldRule } from './held-rule.ts';
import type { RailsConfig } from './rails-config.ts';

const minuteMs = 60_000;

/** Counts what is in force, and what was let pass in the last minute. The same rule at two emitters is two. */
export interface RuleLedger {
  /** The cap that one more would be beyond, for people. What is in force already may be renewed. */
  refusal(rule: HeldRule): string | undefined;
  /** From now on it counts, until it ends or is released. */
  hold(rule: HeldRule): void;
  /** What was held last as that rule; for `release`. */
  held(emitter: string, text: string): HeldRule | undefined;
  /** It counts no more, unless it was held again in between. */
  release(rule: HeldRule): void;
}

/** @param known what is in force as it is written down, for what this ledger did not see itself. */
export function createRuleLedger(
  config: RailsConfig,
  clock: Clock,
  known: () => Iterable<HeldRule>,
): RuleLedger {
  const own = new Map<string, HeldRule>();
  /** When rules were let pass, ascending; no more than `maxPerMinute`. */
  let passedAtMs: readonly number[] = [];

  function inForce(nowMs: number): Map<string, HeldRule> {
    for (const [key, { untilMs }] of own) if (untilMs <= nowMs) own.delete(key);
    const all = new Map<string, HeldRule>();
    for (const rule of known()) all.set(keyOf(rule), rule);
    for (const [key, rule] of own) all.set(key, rule);
    return all;
  }

  return {
    refusal(rule) {
      const nowMs = clock.now();
      const all = inForce(nowMs);
      const same = all.get(keyOf(rule));
      if (same !== undefined && same.partner === rule.partner) return undefined;
      all.delete(keyOf(rule));
      const others = [...all.values()];

      if (others.length >= config.maxInForce) {
        return `${others.length} rules are in force, of at most ${config.maxInForce} (maxInForce)`;
      }
      const ofPartner = others.filter(
        ({ partner }) => partner !== undefined && partner === rule.partner,
      ).length;
      if (ofPartner >= config.maxInForcePerPartner) {
        const most = `${config.maxInForcePerPartner} (maxInForcePerPartner)`;
        return `${ofPartner} rules of ${rule.partner} are in force, of at most ${most}`;
      }
      const target = targetOf(rule);
      const onTarget = others.filter((other) => meets(targetOf(other), target)).length;
      if (onTarget >= config.maxInForcePerTarget) {
        const most = `${config.maxInForcePerTarget} (maxInForcePerTarget)`;
        return `${onTarget} rules to ${rule.rule.match.destination} are in force, of at most ${most}`;
      }
      passedAtMs = passedAtMs.filter((atMs) => atMs > nowMs - minuteMs);
      // What passed before a restart is known from what is written down alone.
      const written = others.filter(({ sinceMs }) => sinceMs > nowMs - minuteMs).length;
      const passed = Math.max(passedAtMs.length, written);
      if (same === undefined && passed >= config.maxPerMinute) {
        return `${passed} rules were applied in the last minute, of at most ${config.maxPerMinute} (maxPerMinute)`;
      }
      return undefined;
    },
    hold(rule) {
      const nowMs = clock.now();
      const before = inForce(nowMs).get(keyOf(rule));
      if (before === undefined) passedAtMs = [...passedAtMs, nowMs];
      own.set(keyOf(rule), { ...rule, sinceMs: before?.sinceMs ?? nowMs });
    },
    held: (emitter, text) => own.get(keyOf({ emitter, text })),
    release(rule) {
      if (own.get(keyOf(rule)) === rule) own.delete(keyOf(rule));
    },
  };
}

const keyOf = ({ emitter, text }: Pick<HeldRule, 'emitter' | 'text'>): string => `${emitter}\n${text}`;

function targetOf({ rule }: HeldRule): IpPrefix | undefined {
  return rule.match.destination === undefined ? undefined : parseIpPrefix(rule.match.destination);
}

/** Prefixes written longer or shorter touch the same target all the same. Rules from a source to anybody have none. */
function meets(one: IpPrefix | undefined, other: IpPrefix | undefined): boolean {
  return one !== undefined && other !== undefined && prefixesMeet(one, other);
}
