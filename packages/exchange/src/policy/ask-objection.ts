import { type Action, type Ask, type Endpoint, prefixOfEndpoint, type SecurityEvent } from '@flowpact/event';
import type { AddressSpace } from '../partner/address-space.ts';
import type { KnownPartner } from '../partner/known-partner.ts';
import { endpointName } from '../summary/endpoint-text.ts';

interface ActionRule {
  /** It changes what becomes of traffic: for how long, and of which addresses, has to be said. */
  readonly isMitigation: boolean;
  /**
   * `destination`: it takes all traffic to the addresses in its scope away from them, so that these have to be the
   * partner's own. `protection`: of the event's targets, too.
   */
  readonly scope: 'destination' | 'protection';
}

const rules: Readonly<Record<Exclude<Action, 'moreFlows'>, ActionRule>> = {
  block: { isMitigation: true, scope: 'protection' },
  rateLimit: { isMitigation: true, scope: 'protection' },
  blackhole: { isMitigation: true, scope: 'destination' },
  redirect: { isMitigation: true, scope: 'destination' },
  notifyCustomer: { isMitigation: false, scope: 'protection' },
  confirm: { isMitigation: false, scope: 'protection' },
  stop: { isMitigation: false, scope: 'protection' },
};

/** Addresses that one request may be about. */
export const maxScope = 256;

/**
 * Why a partner may not have what it asks for; undefined: it may, and somebody has to decide. A partner can ask for what
 * protects its own address space: what is to be done has to be done to its own addresses, or to somebody who attacks
 * them and nobody else (all targets of the event are its own).
 */
export function askObjection(
  ask: Ask & { readonly action: Exclude<Action, 'moreFlows'> },
  event: SecurityEvent,
  { name, policy, space }: KnownPartner,
): string | undefined {
  const { action } = ask;
  const { asks } = policy;
  if (!asks.actions.includes(action)) return `${name} may not ask for ${action} here`;
  const rule = rules[action];
  const scope = ask.scope ?? event.sources ?? [];
  if (scope.length === 0) return `${action} of what? There is neither a scope nor a source`;
  if (scope.length > maxScope)
    return `${action} of ${scope.length} addresses; at most ${maxScope} are looked at`;
  const foreign = firstOutside(scope, space);
  if (foreign !== undefined && rule.scope === 'destination') {
    return `${action} of ${endpointName(foreign)}, which is not in the address space of ${name}`;
  }
  const targets = event.targets ?? [];
  const isVictim = targets.length > 0 && firstOutside(targets, space) === undefined;
  if (foreign !== undefined && !isVictim) {
    return `${action} of ${endpointName(foreign)}: neither that nor all of the event's targets are in the address space of ${name}`;
  }
  if (!rule.isMitigation) return undefined;
  return lifetimeObjection(ask, asks.maxLifetimeSeconds) ?? widthObjection(action, scope, asks);
}

function lifetimeObjection(
  { action, lifetimeSeconds, octetsPerSecond }: Ask,
  maxLifetimeSeconds: number,
): string | undefined {
  if (lifetimeSeconds === undefined) return `${action} without a lifetime; say for how many seconds`;
  if (lifetimeSeconds > maxLifetimeSeconds) {
    return `${action} for ${lifetimeSeconds} s; at most ${maxLifetimeSeconds} s are possible, and may be asked for again`;
  }
  if (action === 'rateLimit' && octetsPerSecond === undefined) return `${action} without a rate`;
  return undefined;
}

function widthObjection(
  action: Action,
  scope: readonly Endpoint[],
  { minIpv4PrefixLength, minIpv6PrefixLength }: KnownPartner['policy']['asks'],
): string | undefined {
  for (const endpoint of scope) {
    const prefix = prefixOfEndpoint(endpoint);
    if (prefix === undefined) return `${action} of ${endpointName(endpoint)}, which is no address`;
    const least = prefix.octets.length === 4 ? minIpv4PrefixLength : minIpv6PrefixLength;
    if (prefix.length < least)
      return `${action} of ${endpointName(endpoint)}, which is wider than a /${least}`;
  }
  return undefined;
}

/** The first that is not, as a whole, in the space; what has no address is in none. */
function firstOutside(endpoints: readonly Endpoint[], space: AddressSpace): Endpoint | undefined {
  return endpoints.find((endpoint) => {
    const prefix = prefixOfEndpoint(endpoint);
    return prefix === undefined || !space.contains(prefix);
  });
}
