import type { MessageRef } from '@flowpact/event';
import type { Clock } from '../clock.ts';
import { keyOf } from '../journal/entry-table.ts';
import type { PartnerRoute } from '../partner/partner.ts';
import { routeKey } from '../partner/partner-directory.ts';

/**
 * Which of a partner's routes a message takes: the first that works. One that has failed for `nextRouteAfterMs` is passed
 * over, except for one attempt in `maxRetryMs` that finds out whether it works again; where none works, each has its turn. What a
 * route has refused for good takes the next, and none twice.
 */
export interface RouteChoice {
  /** Undefined: each of these routes has refused the message for good. */
  choose(reference: MessageRef, routes: readonly PartnerRoute[]): PartnerRoute | undefined;
  /** The route took a message. */
  succeeded(route: PartnerRoute): void;
  /** The route could not take one for now. */
  failed(route: PartnerRoute): void;
  /** The route will never take this message. */
  refused(reference: MessageRef, route: PartnerRoute): void;
  hasRefused(reference: MessageRef, route: PartnerRoute): boolean;
  /** Every route may be tried with the message again. */
  forget(reference: MessageRef): void;
}

/** Messages whose refusals are remembered, the oldest leave: at worst one is refused by the same route once more. */
const maxRefusals = 10_000;

export function createRouteChoice(
  limits: { readonly nextRouteAfterMs: number; readonly maxRetryMs: number },
  { clock }: { readonly clock: Clock },
): RouteChoice {
  /** Of routes that do not work: since when, and when they were last tried. As many as partners have routes. */
  const failing = new Map<string, { readonly sinceMs: number; triedMs: number }>();
  const refusals = new Map<string, Set<string>>();

  function works(route: PartnerRoute, nowMs: number): boolean {
    const failure = failing.get(routeKey(route));
    if (failure === undefined || nowMs - failure.sinceMs < limits.nextRouteAfterMs) return true;
    return nowMs - failure.triedMs >= limits.maxRetryMs;
  }

  const triedMs = (route: PartnerRoute): number => failing.get(routeKey(route))?.triedMs ?? 0;

  return {
    choose(reference, routes) {
      const refused = refusals.get(keyOf(reference));
      const open = routes.filter((route) => refused?.has(routeKey(route)) !== true);
      const nowMs = clock.now();
      return open.find((route) => works(route, nowMs)) ?? open.sort((x, y) => triedMs(x) - triedMs(y))[0];
    },
    succeeded(route) {
      failing.delete(routeKey(route));
    },
    failed(route) {
      const nowMs = clock.now();
      const failure = failing.get(routeKey(route));
      if (failure === undefined) failing.set(routeKey(route), { sinceMs: nowMs, triedMs: nowMs });
      else failure.triedMs = nowMs;
    },
    refused(reference, route) {
      const key = keyOf(reference);
      const routes = refusals.get(key) ?? new Set();
      refusals.delete(key);
      refusals.set(key, routes.add(routeKey(route)));
      for (const oldest of refusals.keys()) {
        if (refusals.size <= maxRefusals) break;
        refusals.delete(oldest);
      }
    },
    hasRefused: (reference, route) => refusals.get(keyOf(reference))?.has(routeKey(route)) === true,
    forget(reference) {
      refusals.delete(keyOf(reference));
    },
  };
}
