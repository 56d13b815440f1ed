import {
  type Endpoint,
  type FlowTable,
  type FlowValue,
  prefixOfEndpoint,
  type SecurityEvent,
} from '@flowpact/event';
import type { AddressSpace } from '../partner/address-space.ts';
import type { KnownPartner } from '../partner/known-partner.ts';
import type { DisclosedField } from '../partner/partner-policy.ts';
import { PrefixTrie } from '../partner/prefix-trie.ts';
import { createAddressHiding, endpointAddress, type HiddenAddresses } from './address-hiding.ts';
import { discloseFlows } from './disclose-flows.ts';

/** What one partner sees of what we know. */
export interface EventDisclosure {
  /** Type, time and label always; everything else by its policy. */
  event(event: SecurityEvent): SecurityEvent;
  /** Flows that belong to the event; undefined: it may see none of them. */
  flows(flows: FlowTable, about: SecurityEvent): FlowTable | undefined;
}

export function createEventDisclosure(
  { policy, space }: Pick<KnownPartner, 'policy' | 'space'>,
  ownSpace: AddressSpace,
): EventDisclosure {
  const { disclosure } = policy;
  const fields = new Set<DisclosedField>(disclosure.fields);
  const hiding = createAddressHiding(disclosure.anonymisation, space, ownSpace);

  function discloseEndpoint(endpoint: Endpoint, hidden: HiddenAddresses): Endpoint {
    const { address, prefixLength, name, role, ...rest } = endpoint;
    const asWritten = pick(endpoint, ['address', 'prefixLength']);
    const prefix = prefixOfEndpoint(endpoint);
    const shown = prefix === undefined ? undefined : hidden.asEndpoint(prefix);
    // A name tells as much as the address that is hidden.
    const showsName = fields.has('names') && (prefix === undefined || !hidden.isHidden(prefix));
    return {
      ...(shown === prefix ? asWritten : shown === undefined ? {} : endpointAddress(shown)),
      ...(showsName && name !== undefined && !hidden.isIn(name) ? { name } : {}),
      ...(role !== undefined && !hidden.isIn(role) ? { role } : {}),
      ...rest,
    };
  }

  /** Many hosts may look like one network now. */
  function discloseSide(side: readonly Endpoint[], hidden: HiddenAddresses): readonly Endpoint[] {
    const shown = new Map<string, Endpoint>();
    for (const endpoint of side) {
      const disclosed = discloseEndpoint(endpoint, hidden);
      const key = JSON.stringify(disclosed);
      if (key !== '{}') shown.set(key, disclosed);
    }
    return [...shown.values()];
  }

  return {
    event(event) {
      const hidden = hiding.about(attackersOf(event));
      const { sources, targets, text, additional, flows } = event;
      const shownFlows =
        flows === undefined || !fields.has('flows')
          ? undefined
          : discloseFlows(flows, disclosure, hidden, hiding.said);
      const shownAdditional = additional?.filter(
        ({ name, value }) => !hidden.isIn(name) && !hides(value, hidden),
      );
      return {
        type: event.type,
        ...pick(event, ['startMs', 'endMs', 'tlp']),
        ...pick(
          event,
          (['detector', 'classifications', 'severity', 'confidence', 'totals', 'flowSource'] as const).filter(
            (field) => fields.has(field) && !hidden.isIn(wordsOf(event[field])),
          ),
        ),
        ...(sources === undefined ? {} : { sources: discloseSide(sources, hidden) }),
        ...(targets === undefined ? {} : { targets: discloseSide(targets, hidden) }),
        ...(text !== undefined && fields.has('text') && !hidden.isIn(text) ? { text } : {}),
        ...(shownFlows === undefined ? {} : { flows: shownFlows }),
        ...(shownAdditional !== undefined && fields.has('additional') ? { additional: shownAdditional } : {}),
      };
    },
    flows: (flows, about) =>
      fields.has('flows')
        ? discloseFlows(flows, disclosure, hiding.about(attackersOf(about)), hiding.said)
        : undefined,
  };
}

/** Wider networks are sources, but not every host in them is an attacker. */
const widestAttacker = { ipv4: 24, ipv6: 48 };

/** Those whose addresses were forged are victims. */
function attackersOf({ sources = [] }: SecurityEvent): PrefixTrie<undefined> {
  const attackers = new PrefixTrie<undefined>();
  for (const source of sources) {
    const prefix = source.spoofed === true ? undefined : prefixOfEndpoint(source);
    if (prefix === undefined) continue;
    const { octets, length } = prefix;
    const { ipv4, ipv6 } = widestAttacker;
    if (length >= (octets.length === 4 ? ipv4 : ipv6)) attackers.insert(prefix, undefined);
  }
  return attackers;
}

/** What is written in a field, where a stranger may have written anything. */
function wordsOf(
  field: SecurityEvent['detector' | 'classifications' | 'severity' | 'confidence' | 'totals' | 'flowSource'],
): string {
  if (typeof field !== 'object') return '';
  return (Array.isArray(field) ? field : [field])
    .flatMap((part: object) => Object.values(part))
    .filter((value) => typeof value === 'string')
    .join(' ');
}

/** There is an address in it that is to be hidden, and no column that could say how. */
function hides(value: FlowValue, hidden: HiddenAddresses): boolean {
  if (typeof value === 'string') return hidden.isIn(value);
  if (value instanceof Uint8Array) {
    const mayBeAddress = value.length === 4 || value.length === 16;
    return mayBeAddress && hidden.isHidden({ octets: value, length: 8 * value.length });
  }
  return Array.isArray(value) && value.some((element: FlowValue) => hides(element, hidden));
}

/** The fields that are there. */
function pick<T extends object, K extends keyof T>(from: T, fields: readonly K[]): Pick<T, K> {
  const there = fields.filter((field) => from[field] !== undefined);
  return Object.fromEntries(there.map((field) => [field, from[field]])) as Pick<T, K>;
}
