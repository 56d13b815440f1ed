import type { Outcome } from '@flowpact/event';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../clock.ts';
import type { GuardedEmitter } from '../rails/guarded-emitter.ts';
import type { RailsDeps } from '../rails/rails.ts';
import type { RailsConfig } from '../rails/rails-config.ts';
import { ResponseError } from '../response-error.ts';
import type { Timers } from '../timers.ts';
import type { Mitigation } from './mitigation.ts';
import type { PlanMitigations } from './plan.ts';

export interface MitigatorConfig {
  readonly rails: RailsConfig;
  readonly limits?: Partial<MitigatorLimits>;
  /**
   * Names of emitters whose rules take the traffic away before it is measured, so that silence of a statement says nothing:
   * every `probeAfterMs` a rule of theirs is taken back to see whether the event returns. Default none.
   */
  readonly hidingEmitters?: readonly string[];
}

export interface MitigatorLimits {
  /** Mitigations that have not ended; for one more, the oldest proposal expires. Default 1,000. */
  readonly maxOpen: number;
  /** Ended ones kept in memory, to be shown and not to be proposed again at once. Default 1,000. */
  readonly maxEnded: number;
  /** Events and requests that are tried on flows at the same time; further ones are refused. Default 16. */
  readonly maxPlanned: number;
  /** Requests of one partner that wait for a person. Default 20. */
  readonly maxProposedPerPartner: number;
  /** Requests of one partner that are looked at in any minute. Default 60. */
  readonly maxRequestsPerMinute: number;
  /** A proposal that nobody has decided on expires, milliseconds. Default 24 hours. */
  readonly proposalMs: number;
  /** What was rejected is not proposed again for so long, milliseconds. Default 1 hour. */
  readonly rejectedForMs: number;
  /** What has failed is not proposed again for so long, milliseconds. Default 5 minutes. */
  readonly failedForMs: number;
  /** A rule is taken back once its event has not been seen for so long, milliseconds. Default 15 minutes. */
  readonly quietAfterMs: number;
  /** The same for `hidingEmitters`; doubled each time that the event returns, up to 64 times. Default 15 minutes. */
  readonly probeAfterMs: number;
  /** How long an emitter may take for one answer, milliseconds. Default 10,000. */
  readonly emitterTimeoutMs: number;
  /** Attempts to apply a rule before it counts as failed; taking back is tried without end. Default 5. */
  readonly maxAttempts: number;
  /** The pause after a failed attempt; doubled each time, up to 10 seconds, milliseconds. Default 1,000. */
  readonly retryMs: number;
  /** How often it is read back what is in force, milliseconds. Default 30,000. */
  readonly reconcileMs: number;
}

export const defaultMitigatorLimits: MitigatorLimits = {
  maxOpen: 1_000,
  maxEnded: 1_000,
  maxPlanned: 16,
  maxProposedPerPartner: 20,
  maxRequestsPerMinute: 60,
  proposalMs: 24 * 3_600_000,
  rejectedForMs: 3_600_000,
  failedForMs: 300_000,
  quietAfterMs: 900_000,
  probeAfterMs: 900_000,
  emitterTimeoutMs: 10_000,
  maxAttempts: 5,
  retryMs: 1_000,
  reconcileMs: 30_000,
};

export interface MitigatorDeps {
  /** All that rules go to, behind the rails, which want to know what is in force and in which mode. */
  readonly emitters: (known: Required<Pick<RailsDeps, 'inForce' | 'mode'>>) => readonly GuardedEmitter[];
  /** Opened and closed by the mitigator. */
  readonly log: AuditLog;
  readonly plan: PlanMitigations;
  readonly clock: Clock;
  readonly timers: Timers;
  /**
   * Tells the partner that asked what became of it; resolves when that is safe. It is tried again until it does, also after
   * a restart, so that the same may be told twice. Left out: partners get the first answer alone.
   */
  readonly tell?: (mitigation: Mitigation, outcome: Outcome) => Promise<void>;
  /** A mitigation has changed, and that is written down. Whatever it throws is ignored. */
  readonly onChange?: (mitigation: Mitigation) => void;
  /** Something that whoever runs this should know; for logs. */
  readonly onRemark?: (text: string) => void;
}

/** @throws ResponseError `RESPONSE_BAD_CONFIG`. */
export function checkedLimits(given: Partial<MitigatorLimits> = {}): MitigatorLimits {
  const limits = { ...defaultMitigatorLimits, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new ResponseError('RESPONSE_BAD_CONFIG', `${name}: ${value} is not a whole number above 0`);
  }
  return limits;
}
