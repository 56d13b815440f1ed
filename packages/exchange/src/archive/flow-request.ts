import {
  type Ask,
  type IpPrefix,
  ipPrefixText,
  type Message,
  prefixOfEndpoint,
  prefixOfOctets,
  type SecurityEvent,
} from '@flowpact/event';
import type { KnownPartner } from '../partner/known-partner.ts';
import { maxScope } from '../policy/ask-objection.ts';
import { endpointName } from '../summary/endpoint-text.ts';
import type { FlowQuery } from './flow-archive.ts';

/** Which flows answer what a partner asks for. */
export interface FlowRequest {
  /** The second one gets what the first one leaves of the limit. */
  readonly queries: readonly { readonly relation: string; readonly query: Omit<FlowQuery, 'limit'> }[];
  /** Not all of the time that was asked of. */
  readonly isShortened: boolean;
}

/** Flows of an event begin somewhat before it is found and end somewhat after, milliseconds. */
const marginMs = 5 * 60_000;
/** Of an event that does not say when it was. */
const usualSpanMs = 3_600_000;

/**
 * A partner may have flows from and to its own address space, and those of an event that we told it of: between the
 * event's sources and its targets or the partner.
 * @param told The event as we know it, where the request answers an alert of ours to this partner.
 * @returns the reason where it may have none
 */
export function flowRequest(
  asks: readonly Ask[],
  { event, createdMs }: Pick<Message, 'event' | 'createdMs'>,
  { name, policy, space }: KnownPartner,
  told: SecurityEvent | undefined,
  nowMs: number,
): FlowRequest | string {
  if (!policy.asks.actions.includes('moreFlows')) return `${name} may not ask for moreFlows here`;
  if (!policy.disclosure.fields.includes('flows')) return `${name} may not see flows`;
  const scope = asks.flatMap((ask) => ask.scope ?? event.sources ?? told?.sources ?? []);
  if (scope.length === 0) return 'moreFlows of what? There is neither a scope nor a source';
  if (scope.length > maxScope)
    return `moreFlows of ${scope.length} addresses; at most ${maxScope} are looked at`;

  const sources = prefixesOf(told?.sources);
  const targets = prefixesOf(told?.targets);
  const own: IpPrefix[] = [];
  const ofSources: IpPrefix[] = [];
  const ofTargets: IpPrefix[] = [];
  for (const endpoint of scope) {
    const asked = prefixOfEndpoint(endpoint);
    if (asked === undefined) return `moreFlows of ${endpointName(endpoint)}, which is no address`;
    if (space.contains(asked)) {
      own.push(asked);
      continue;
    }
    // What the partner saw of the event may be shortened: it asks of the network then, and gets the host.
    const [fromSources, fromTargets] = [sources, targets].map((side) => common(side, asked));
    ofSources.push(...fromSources);
    ofTargets.push(...fromTargets);
    if (fromSources.length + fromTargets.length === 0) {
      return `moreFlows of ${endpointName(endpoint)}, which is neither in the address space of ${name} nor part of an event that we told it of`;
    }
  }

  let isShortened = false;
  const time = (about: SecurityEvent) => {
    const toMs = Math.min((about.endMs ?? about.startMs ?? createdMs) + marginMs, nowMs);
    const fromMs = Math.min((about.startMs ?? (about.endMs ?? createdMs) - usualSpanMs) - marginMs, toMs);
    const earliestMs = toMs - policy.asks.maxFlowSpanMs;
    isShortened ||= fromMs < earliestMs;
    return { fromMs: Math.max(fromMs, earliestMs), toMs };
  };
  const ofEvent = (relation: string, ends: readonly IpPrefix[], others: readonly IpPrefix[]) => {
    const otherEnds = others.length === 0 ? [] : [...others, ...space.prefixes];
    return {
      relation,
      query: {
        ends: texts(ends),
        ...(otherEnds.length === 0 ? {} : { otherEnds: texts(otherEnds) }),
        ...time(told!),
      },
    };
  };
  const queries = [
    ...(own.length === 0
      ? []
      : [
          {
            relation: 'own-addresses',
            query: { ends: texts(own), ...time(hasTime(event) ? event : (told ?? event)) },
          },
        ]),
    ...(ofSources.length === 0 ? [] : [ofEvent('same-source', ofSources, targets)]),
    ...(ofTargets.length === 0 ? [] : [ofEvent('same-target', ofTargets, sources)]),
  ];
  return { queries, isShortened };
}

function hasTime({ startMs, endMs }: SecurityEvent): boolean {
  return startMs !== undefined || endMs !== undefined;
}

function prefixesOf(side: SecurityEvent['sources'] = []): readonly IpPrefix[] {
  return side.map(prefixOfEndpoint).filter((prefix) => prefix !== undefined);
}

/** Where one of the networks has the other in it, the smaller of the two. */
function common(networks: readonly IpPrefix[], asked: IpPrefix): readonly IpPrefix[] {
  return networks.flatMap((network) => {
    const [wide, narrow] = network.length <= asked.length ? [network, asked] : [asked, network];
    const isWithin =
      wide.octets.length === narrow.octets.length &&
      Buffer.compare(prefixOfOctets(narrow.octets, wide.length).octets, wide.octets) === 0;
    return isWithin ? [narrow] : [];
  });
}

function texts(prefixes: readonly IpPrefix[]): readonly string[] {
  return [...new Set(prefixes.map(ipPrefixText))];
}
