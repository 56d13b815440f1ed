import { actions, eventTypes, tlpLabels } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import { type AddressSpace, createAddressSpace } from './address-space.ts';
import { type CompletePolicy, completePolicy } from './default-policies.ts';
import type { Partner } from './partner.ts';
import { type AddressAnonymisation, addressGroups, disclosedFields } from './partner-policy.ts';
import { trustLevels } from './trust-level.ts';

/** A partner with its policy complete and its address space at hand. */
export interface KnownPartner {
  readonly partner: Partner;
  readonly name: string;
  readonly policy: CompletePolicy;
  readonly space: AddressSpace;
}

/** Octets of a key of Crypto-PAn: 16 for AES-128, and 16 that become the padding. */
export const anonymisationKeyLength = 32;

/** @throws ExchangeError `EXCHANGE_BAD_CONFIG`, with the partner's name, the field and what it may be. */
export function knownPartner(partner: Partner): KnownPartner {
  const { name } = partner.party;
  const owner = `partner ${JSON.stringify(name.slice(0, 200))}`;
  const fail = (field: string, what: string): never => {
    throw new ExchangeError('EXCHANGE_BAD_CONFIG', `${owner}: ${field} ${what}`, { permanent: true });
  };
  const words = (field: string, given: readonly string[], known: readonly string[]) => {
    const unknown = given.find((word) => !known.includes(word));
    if (unknown !== undefined) fail(field, `has "${unknown}"; there are ${known.join(', ')}`);
  };
  const whole = (field: string, given: number, from: number, to: number) => {
    if (!Number.isInteger(given) || given < from || given > to) {
      fail(field, `is ${given}; it is a whole number from ${from} to ${to}`);
    }
  };
  const anonymisation = (field: string, given: AddressAnonymisation) => {
    switch (given.kind) {
      case 'none':
        return;
      case 'truncation':
        words(`${field}.of`, given.of, addressGroups);
        whole(`${field}.ipv4Bits`, given.ipv4Bits, 0, 32);
        whole(`${field}.ipv6Bits`, given.ipv6Bits, 0, 128);
        return;
      case 'prefixPreserving':
        words(`${field}.of`, given.of, addressGroups);
        if (given.key.length !== anonymisationKeyLength) {
          fail(`${field}.key`, `has ${given.key.length} octets; it is ${anonymisationKeyLength} random ones`);
        }
        return;
      default:
        given satisfies never;
        fail(`${field}.kind`, 'is none of none, truncation, prefixPreserving');
    }
  };

  // The other defaults follow from it.
  words('policy.trustLevel', [partner.policy?.trustLevel ?? 'low'], trustLevels);
  const policy = completePolicy(partner.policy);
  const { disclosure, asks, rateLimit } = policy;
  words('policy.subscriptions', policy.subscriptions, eventTypes);
  words('policy.foreignSpace', [policy.foreignSpace], ['refuse', 'mark']);
  words('policy.disclosure.eventTypes', disclosure.eventTypes, eventTypes);
  words('policy.disclosure.maxTlp', [disclosure.maxTlp], tlpLabels);
  words('policy.disclosure.fields', disclosure.fields, disclosedFields);
  whole('policy.disclosure.maxFlows', disclosure.maxFlows, 0, 100_000);
  anonymisation('policy.disclosure.anonymisation', disclosure.anonymisation);
  words('policy.asks.actions', asks.actions, actions);
  whole('policy.asks.maxLifetimeSeconds', asks.maxLifetimeSeconds, 1, 366 * 86_400);
  whole('policy.asks.minIpv4PrefixLength', asks.minIpv4PrefixLength, 0, 32);
  whole('policy.asks.minIpv6PrefixLength', asks.minIpv6PrefixLength, 0, 128);
  whole('policy.asks.maxFlowSpanMs', asks.maxFlowSpanMs, 1, 366 * 86_400_000);
  whole('policy.asks.maxFlowRequests', asks.maxFlowRequests, 1, 100_000);
  whole('policy.rateLimit.messages', rateLimit.messages, 1, 100_000);
  whole('policy.rateLimit.periodMs', rateLimit.periodMs, 1_000, 366 * 86_400_000);
  return { partner, name, policy, space: createAddressSpace(partner.addressSpace ?? [], owner) };
}
