import { type Anonymisation, type IpPrefix, octetsToAddress, prefixOfOctets } from '@flowpact/event';
import type { AddressSpace } from '../partner/address-space.ts';
import type { AddressAnonymisation, AddressGroup } from '../partner/partner-policy.ts';
import { PrefixTrie } from '../partner/prefix-trie.ts';
import { addressesIn } from './addresses-in-text.ts';
import { anonymisationKeyId, createPrefixPreserving } from './prefix-preserving.ts';

export interface AddressFamilies {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** What a partner sees of addresses. */
export interface AddressHiding {
  /** How a layout with columns of these families says it; undefined: nothing is hidden, ever. */
  said(families: AddressFamilies): Anonymisation | undefined;
  /** For one event: the addresses of its attackers are a group of their own. */
  about(attackers: PrefixTrie<unknown>): HiddenAddresses;
}

export interface HiddenAddresses {
  /** The octets as they are in flows. */
  inFlows(octets: Uint8Array): Uint8Array;
  /** The network as it is among sources and targets; undefined: it is left out. */
  asEndpoint(prefix: IpPrefix): IpPrefix | undefined;
  isHidden(prefix: IpPrefix): boolean;
  /** Some address in the text is to be hidden. */
  isIn(text: string): boolean;
}

export function createAddressHiding(
  anonymisation: AddressAnonymisation,
  partnerSpace: AddressSpace,
  ownSpace: AddressSpace,
): AddressHiding {
  const groups: ReadonlySet<AddressGroup> = new Set(anonymisation.kind === 'none' ? [] : anonymisation.of);
  const hide = createHide(anonymisation, partnerSpace, groups.has('ours') ? undefined : ownSpace);

  function groupOf(prefix: IpPrefix, attackers: PrefixTrie<unknown>): AddressGroup | undefined {
    if (partnerSpace.contains(prefix)) return undefined;
    if (ownSpace.contains(prefix)) return 'ours';
    return attackers.longestMatch(prefix) === undefined ? 'others' : 'attackers';
  }

  return {
    said: (families) => (groups.size === 0 ? undefined : hide?.said(families)),
    about(attackers) {
      const isHidden = (prefix: IpPrefix) => {
        const group = groupOf(prefix, attackers);
        return group !== undefined && groups.has(group);
      };
      return {
        isHidden,
        inFlows(octets) {
          if (hide === undefined || !isHidden({ octets, length: 8 * octets.length })) return octets;
          return hide.inFlows(octets);
        },
        asEndpoint: (prefix) => (hide === undefined || !isHidden(prefix) ? prefix : hide.asEndpoint(prefix)),
        isIn: (text) => groups.size > 0 && (addressesIn(text)?.some(isHidden) ?? true),
      };
    },
  };
}

interface Hide {
  said(families: AddressFamilies): Anonymisation;
  inFlows(octets: Uint8Array): Uint8Array;
  asEndpoint(prefix: IpPrefix): IpPrefix | undefined;
}

/** @param openSpace Ours, where it is not hidden. */
function createHide(
  anonymisation: AddressAnonymisation,
  partnerSpace: AddressSpace,
  openSpace: AddressSpace | undefined,
): Hide | undefined {
  switch (anonymisation.kind) {
    case 'none':
      return undefined;
    case 'truncation': {
      const { ipv4Bits, ipv6Bits } = anonymisation;
      const bitsOf = ({ length }: Uint8Array) => (length === 4 ? ipv4Bits : ipv6Bits);
      return {
        // There is one number for both families.
        said: ({ ipv4, ipv6 }) => ({
          technique: 'truncation',
          ...(ipv4 && ipv6 && ipv4Bits !== ipv6Bits ? {} : { prefixKept: ipv6 ? ipv6Bits : ipv4Bits }),
        }),
        inFlows: (octets) => prefixOfOctets(octets, bitsOf(octets)).octets,
        asEndpoint: ({ octets, length }) => prefixOfOctets(octets, Math.min(length, bitsOf(octets))),
      };
    }
    case 'prefixPreserving': {
      const kept = new PrefixTrie<undefined>();
      for (const prefix of [...partnerSpace.prefixes, ...(openSpace?.prefixes ?? [])]) {
        kept.insert(prefix, undefined);
      }
      return {
        said: () => ({ technique: 'prefixPreserving', keyId: anonymisationKeyId(anonymisation.key) }),
        inFlows: createPrefixPreserving(anonymisation.key, kept),
        // It would look like somebody's address, and somebody might act on it.
        asEndpoint: () => undefined,
      };
    }
    default:
      return anonymisation satisfies never;
  }
}

/** The text of a network's address, without its length where it is a single one. */
export function endpointAddress({ octets, length }: IpPrefix): { address: string; prefixLength?: number } {
  const address = octetsToAddress(octets)!;
  return length === 8 * octets.length ? { address } : { address, prefixLength: length };
}
