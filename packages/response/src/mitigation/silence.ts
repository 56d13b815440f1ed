import type { KeptMitigation } from '../audit/audit-entry.ts';
import type { Clock } from '../clock.ts';
import { ruleText } from '../rule/rule-text.ts';
import type { Candidate } from './mitigation.ts';
import { emitterOf } from './mitigation-book.ts';
import type { MitigatorLimits } from './mitigator-config.ts';

/** Whether what a rule is against still goes on, as far as statements see it. */
export interface Silence {
  /** Its event was seen again. */
  seen(id: string): void;
  /** Why it is to be taken back now; undefined: it is not. */
  reason(mitigation: KeptMitigation): string | undefined;
  /**
   * The last one of these that had the same rule and was taken back for silence, if its life time is not over: what was
   * decided about it holds.
   */
  earlier(ofEvent: readonly KeptMitigation[], candidate: Candidate): KeptMitigation | undefined;
}

/** A probe takes place after 64 times `probeAfterMs` at most. */
const maxDoublings = 6;

export function createSilence(
  { quietAfterMs, probeAfterMs }: Pick<MitigatorLimits, 'quietAfterMs' | 'probeAfterMs'>,
  hiding: ReadonlySet<string>,
  clock: Clock,
): Silence {
  const startedMs = clock.now();
  const seenMs = new Map<string, number>();

  return {
    seen(id) {
      // Those that have ended since are few; what is open comes again by itself.
      if (seenMs.size > 10_000) seenMs.clear();
      seenMs.set(id, clock.now());
    },
    reason(mitigation) {
      const { id, origin, turns, state } = mitigation;
      // A partner and a person have said for how long.
      if (origin.kind !== 'event' || state === 'applying') return undefined;
      const isHidden = hiding.has(emitterOf(mitigation));
      const returns = mitigation.returns ?? 0;
      const afterMs = isHidden ? probeAfterMs * 2 ** Math.min(returns, maxDoublings) : quietAfterMs;
      const sinceMs = Math.max(
        seenMs.get(id) ?? startedMs,
        turns.findLast((turn) => turn.state === 'applied')?.atMs ?? 0,
      );
      if (clock.now() - sinceMs < afterMs) return undefined;
      const seconds = Math.round(afterMs / 1_000);
      return isHidden
        ? `in force for ${seconds} s: to see whether it still goes on`
        : `not seen any more for ${seconds} s`;
    },
    earlier(ofEvent, candidate) {
      const text = ruleText(candidate.rule);
      return ofEvent.findLast((each) => {
        const had = each.candidates[each.chosen];
        return (
          had?.emitter === candidate.emitter &&
          ruleText(had.rule) === text &&
          each.origin.kind === 'event' &&
          each.state === 'withdrawn' &&
          each.isSilent === true &&
          (each.untilMs ?? 0) - clock.now() >= 1_000
        );
      });
    },
  };
}
