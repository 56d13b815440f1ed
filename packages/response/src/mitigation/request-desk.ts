import type { AuditBody } from '../audit/audit-entry.ts';
import type { Clock } from '../clock.ts';

const minuteMs = 60_000;

/** How often a partner asks, and what it was refused. */
export interface RequestDesk {
  /** False: it has asked too often in the last minute. */
  take(partner: string): boolean;
  /**
   * For the log: the first refusal of a minute at once, the others of it as one number, so that whoever asks 10,000 times
   * a minute fills two lines and no disk. @returns what is to be written down now.
   */
  refused(partner: string, why: string): Refusals | undefined;
  /** What has gathered and is due, to be written down now. */
  due(): Refusals[];
}

export type Refusals = AuditBody & { readonly kind: 'refused' };

interface Asking {
  /** Since when the minute is. */
  sinceMs: number;
  requests: number;
  refused: number;
  lastWhy: string;
  /** When refusals of this partner were written down last. */
  loggedMs: number;
}

export interface RequestDeskConfig {
  readonly maxRequestsPerMinute: number;
}

export function createRequestDesk({ maxRequestsPerMinute }: RequestDeskConfig, clock: Clock): RequestDesk {
  /** Partners are configured, so that they are no more than these. */
  const partners = new Map<string, Asking>();

  function of(partner: string): Asking {
    let asking = partners.get(partner);
    if (asking === undefined) {
      asking = {
        sinceMs: clock.now(),
        requests: 0,
        refused: 0,
        lastWhy: '',
        loggedMs: Number.NEGATIVE_INFINITY,
      };
      partners.set(partner, asking);
    }
    return asking;
  }

  function written(partner: string, asking: Asking): Refusals {
    const { refused: count, lastWhy: why } = asking;
    asking.refused = 0;
    asking.loggedMs = clock.now();
    return { kind: 'refused', partner, count, why };
  }

  return {
    take(partner) {
      const asking = of(partner);
      const nowMs = clock.now();
      if (nowMs - asking.sinceMs >= minuteMs || nowMs < asking.sinceMs) {
        asking.sinceMs = nowMs;
        asking.requests = 0;
      }
      asking.requests++;
      return asking.requests <= maxRequestsPerMinute;
    },
    refused(partner, why) {
      const asking = of(partner);
      asking.refused++;
      asking.lastWhy = why;
      return clock.now() - asking.loggedMs >= minuteMs ? written(partner, asking) : undefined;
    },
    due() {
      const nowMs = clock.now();
      return [...partners]
        .filter(([, { refused, loggedMs }]) => refused > 0 && nowMs - loggedMs >= minuteMs)
        .map(([partner, asking]) => written(partner, asking));
    },
  };
}
