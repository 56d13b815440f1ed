import {
  type Ask,
  type Endpoint,
  type IpPrefix,
  ipPrefixText,
  parseIpPrefix,
  prefixOfEndpoint,
  type SecurityEvent,
} from '@flowpact/event';
import { containsPrefix } from '../rule/prefix.ts';
import type { RuleAction } from '../rule/rule.ts';

/**
 * What a partner wants to have blocked, in its own words (`scope`), as an event: what it answers for is whom to protect,
 * everybody else whom from. Where nothing says whom to protect, it is all that it answers for.
 */
export function askedEvent(
  event: SecurityEvent,
  { scope }: Ask,
  addressSpace: readonly string[],
): SecurityEvent {
  const space = addressSpace.map(parseIpPrefix);
  const isOwn = (endpoint: Endpoint): boolean => {
    const prefix = prefixOfEndpoint(endpoint);
    return prefix !== undefined && space.some((own) => containsPrefix(own, prefix));
  };
  const sources = scope?.filter((endpoint) => !isOwn(endpoint)) ?? [];
  const own = scope?.filter(isOwn) ?? [];
  const named = [own, (event.targets ?? []).filter(isOwn), event.targets ?? []].find(
    (list) => list.length > 0,
  );
  return {
    ...event,
    ...(sources.length > 0 ? { sources } : {}),
    targets: named ?? space.map(endpointOf),
  };
}

/**
 * What a partner tells of, as an event to make rules against: of its targets, those that it or we answer for, where there are
 * any. Where it names none, they are all that the partner answers for.
 */
export function toldEvent(
  event: SecurityEvent,
  addressSpace: readonly string[],
  ownSpace: readonly string[],
): SecurityEvent {
  const space = [...addressSpace, ...ownSpace].map(parseIpPrefix);
  const { targets = [] } = event;
  const concerned = targets.filter((endpoint) => {
    const prefix = prefixOfEndpoint(endpoint);
    return prefix !== undefined && space.some((own) => containsPrefix(own, prefix));
  });
  const named = concerned.length > 0 ? concerned : targets;
  return {
    ...event,
    targets: named.length > 0 ? named : addressSpace.map((text) => endpointOf(parseIpPrefix(text))),
  };
}

/** What is done when that is asked for: nothing that the playbook does not list. */
export function askedActions(ask: Ask, listed: readonly RuleAction[]): readonly RuleAction[] {
  const of = (kind: RuleAction['kind']) => listed.filter((action) => action.kind === kind);
  switch (ask.action) {
    case 'block':
      return of('drop');
    case 'blackhole':
      return of('blackhole');
    case 'redirect':
      return of('redirect');
    case 'rateLimit':
      return of('rateLimit').map((action) => withRate(action, ask.octetsPerSecond));
    case 'moreFlows':
    case 'confirm':
    case 'notifyCustomer':
    case 'stop':
      return [];
    default:
      return ask.action satisfies never;
  }
}

/** As much as rules can say. */
const mostOctetsPerSecond = 2 ** 40;

function withRate(action: RuleAction, asked: Ask['octetsPerSecond']): RuleAction {
  if (asked === undefined) return action;
  return { kind: 'rateLimit', octetsPerSecond: Math.min(Number(asked), mostOctetsPerSecond) };
}

function endpointOf(prefix: IpPrefix): Endpoint {
  const [address] = ipPrefixText(prefix).split('/');
  return { address, prefixLength: prefix.length };
}
