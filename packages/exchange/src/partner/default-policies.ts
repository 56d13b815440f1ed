import { type Action, actions, eventTypes } from '@flowpact/event';
import type {
  AddressAnonymisation,
  AskPolicy,
  DisclosedField,
  Disclosure,
  FlowColumnName,
  PartnerPolicy,
  RateLimit,
} from './partner-policy.ts';
import { disclosedFields } from './partner-policy.ts';
import type { TrustLevel } from './trust-level.ts';

/** A policy in which nothing is left out. */
export interface CompletePolicy extends Required<PartnerPolicy> {
  readonly disclosure: Disclosure;
  readonly asks: AskPolicy;
  readonly rateLimit: RateLimit;
}

/** PEN of the reverse direction of biflows (RFC 5103). */
const reversePen = 29305;

/** Counters, and what only one direction has: flags and ICMP types. */
const directedColumns = [1, 2, 6, 23, 24, 32, 85, 86, 139, 176, 177, 178, 179];

/**
 * Who talked to whom, how much, when: addresses, ports, protocol, counters, flags, times; not what was said (URLs, host
 * names, payloads), nor where in our network (interfaces, routers, VLANs).
 */
export const defaultFlowColumns: readonly FlowColumnName[] = [
  // sourceIPv4Address, destinationIPv4Address, sourceIPv6Address, destinationIPv6Address
  ...[8, 12, 27, 28],
  // protocolIdentifier, sourceTransportPort, destinationTransportPort, flowEndReason, biflowDirection
  ...[4, 7, 11, 136, 239],
  // flow{Start,End}{Seconds,Milliseconds,Microseconds,Nanoseconds}, flowDuration{Milliseconds,Microseconds}
  ...[150, 151, 152, 153, 154, 155, 156, 157, 161, 162],
  ...directedColumns,
  ...directedColumns.map((id) => `${reversePen}/${id}`),
];

const lowFields: readonly DisclosedField[] = ['classifications', 'severity', 'confidence', 'totals'];
const mediumFields: readonly DisclosedField[] = [
  ...lowFields,
  'detector',
  'text',
  'names',
  'flowSource',
  'flows',
];

const lowActions: readonly Action[] = ['confirm', 'notifyCustomer', 'stop'];
const mediumActions: readonly Action[] = [...lowActions, 'moreFlows', 'rateLimit'];

const shortened: AddressAnonymisation = {
  kind: 'truncation',
  of: ['ours', 'others'],
  ipv4Bits: 24,
  ipv6Bits: 48,
};

const disclosure: Disclosure = {
  eventTypes,
  maxTlp: 'amber',
  fields: lowFields,
  flowColumns: defaultFlowColumns,
  maxFlows: 1_000,
  anonymisation: shortened,
};

const asks: AskPolicy = {
  actions: lowActions,
  maxLifetimeSeconds: 86_400,
  minIpv4PrefixLength: 24,
  minIpv6PrefixLength: 48,
  maxFlowSpanMs: 24 * 3_600_000,
  maxFlowRequests: 60,
};

const low: CompletePolicy = {
  trustLevel: 'low',
  subscriptions: [],
  isClient: false,
  disclosure,
  asks,
  rateLimit: { messages: 60, periodMs: 3_600_000 },
  foreignSpace: 'refuse',
};

/** What holds for a partner of each trust level where its policy says nothing else. */
export const defaultPolicies: Readonly<Record<TrustLevel, CompletePolicy>> = {
  none: {
    ...low,
    trustLevel: 'none',
    disclosure: { ...disclosure, eventTypes: [] },
    asks: { ...asks, actions: [] },
  },
  low,
  medium: {
    ...low,
    trustLevel: 'medium',
    disclosure: { ...disclosure, maxTlp: 'amberStrict', fields: mediumFields },
    asks: { ...asks, actions: mediumActions },
    foreignSpace: 'mark',
  },
  high: {
    ...low,
    trustLevel: 'high',
    disclosure: {
      ...disclosure,
      maxTlp: 'red',
      fields: disclosedFields,
      anonymisation: { kind: 'none' },
    },
    asks: { ...asks, actions },
    foreignSpace: 'mark',
  },
};

/** The policy with what its trust level says in the place of what it leaves out. */
export function completePolicy(policy: PartnerPolicy = {}): CompletePolicy {
  const defaults = defaultPolicies[policy.trustLevel ?? 'low'];
  return {
    ...defaults,
    ...policy,
    disclosure: { ...defaults.disclosure, ...policy.disclosure },
    asks: { ...defaults.asks, ...policy.asks },
    rateLimit: { ...defaults.rateLimit, ...policy.rateLimit },
  };
}
