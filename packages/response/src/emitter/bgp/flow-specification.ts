import type { Rule } from '../../rule/rule.ts';
import { ruleText } from '../../rule/rule-text.ts';

/**
 * What a rule is to BGP: its match alone is the route, its action an attribute (RFC 8955, section 4). Two rules with the
 * same match and different actions are one route, of which the second replaces the first.
 */
export function routeKey({ match, action }: Rule): string {
  const isBlackhole = action.kind === 'blackhole';
  return ruleText({ match, action: { kind: isBlackhole ? 'blackhole' : 'drop' } });
}

/** Why BGP cannot say a rule as it is. */
export function bgpObjection({ match, action }: Rule): string | undefined {
  switch (action.kind) {
    case 'drop':
    case 'redirect':
    case 'mark':
      return undefined;
    case 'rateLimit':
      // RFC 8955, section 7.1: the rate is an IEEE 754 number of 4 octets.
      return Math.fround(action.octetsPerSecond) === action.octetsPerSecond
        ? undefined
        : `flow specifications cannot say ${action.octetsPerSecond} octets/s; the next that they can is ${Math.fround(action.octetsPerSecond)}`;
    case 'blackhole':
      // RFC 7999, section 3.3: the most specific prefixes, so that nobody else goes with the victim.
      return match.destination?.endsWith(match.destination.includes(':') ? '/128' : '/32')
        ? undefined
        : `only a single address is blackholed, not ${match.destination}`;
    default:
      return action satisfies never;
  }
}

/** How routes of a blackhole look (RFC 7999). */
export interface BlackholeRoute {
  /** Where routers discard; default `192.0.2.1`, which each of them routes to nowhere (RFC 5635, section 3). */
  readonly nextHopIpv4: string;
  /** Default `100::1` (RFC 6666). */
  readonly nextHopIpv6: string;
  /** Default BLACKHOLE and NO_EXPORT: `65535:666`, `65535:65281`. */
  readonly communities: readonly string[];
}

export const defaultBlackholeRoute: BlackholeRoute = {
  nextHopIpv4: '192.0.2.1',
  nextHopIpv6: '100::1',
  communities: ['65535:666', '65535:65281'],
};
