import { type Endpoint, ipPrefixText, prefixOfEndpoint, type SecurityEvent, type Tlp } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import type { AddressSpace } from '../partner/address-space.ts';
import type { KnownPartner } from '../partner/known-partner.ts';
import { PrefixTrie } from '../partner/prefix-trie.ts';
import type { RouteReason } from './route-reason.ts';
import { tlpObjection } from './tlp.ts';

export interface RoutingOptions {
  /** Partners who are to know of it beside those concerned; of TLP:RED these alone. */
  readonly to?: readonly string[];
  /** The networks that it has come by: it is another's, and goes back to none of them. Left out: we found it. */
  readonly cameBy?: readonly string[];
}

export interface Routing {
  readonly routes: readonly { readonly to: KnownPartner; readonly because: readonly RouteReason[] }[];
  /** Partners that it would concern, and why they are not told. */
  readonly withheld: readonly { readonly to: KnownPartner; readonly reason: string }[];
}

/** Who is told of an event. */
export interface Router {
  /** @throws ExchangeError `EXCHANGE_UNKNOWN_PARTNER` for one in `to`. */
  route(event: SecurityEvent & { readonly tlp: Tlp }, options?: RoutingOptions): Routing;
}

/**
 * Networks wider than this are nobody's: `0.0.0.0/0` as the source of a spoofed attack means anybody. A /8 is the most
 * that IANA has given to one holder, in IPv6 a /12.
 */
const widestIpv4 = 8;
const widestIpv6 = 12;

/** @param ownSpace Ours: what is in it concerns no partner, unless a smaller network in it is the partner's. */
export function createRouter(ownSpace: AddressSpace, partners: readonly KnownPartner[]): Router {
  const byName = new Map(partners.map((known) => [known.name, known]));
  const trie = new PrefixTrie<KnownPartner | 'ours'>();
  for (const prefix of ownSpace.prefixes) trie.insert(prefix, 'ours');
  for (const known of partners) for (const prefix of known.space.prefixes) trie.insert(prefix, known);
  const byAsn = new Map<number, KnownPartner[]>();
  for (const known of partners) {
    const { asn } = known.partner.party;
    if (asn !== undefined) byAsn.set(asn, [...(byAsn.get(asn) ?? []), known]);
  }

  /** The owners of an address: of the smallest network that it is in. Of a network also those of its parts. */
  function ownersOf(
    endpoint: Endpoint,
  ): readonly { known: KnownPartner; endpoint: string; prefix?: string }[] {
    const prefix = prefixOfEndpoint(endpoint);
    if (prefix !== undefined) {
      if (prefix.length < (prefix.octets.length === 4 ? widestIpv4 : widestIpv6)) return [];
      const around = trie.longestMatch(prefix);
      const entries = [...(around === undefined ? [] : [around]), ...trie.within(prefix)];
      const text = ipPrefixText(prefix);
      if (entries.length > 0) {
        return entries.flatMap((entry) =>
          entry.values.flatMap((known) =>
            known === 'ours' ? [] : [{ known, endpoint: text, prefix: ipPrefixText(entry.prefix) }],
          ),
        );
      }
    }
    // The AS counts where no address space is known to tell better.
    const { asn } = endpoint;
    return (asn === undefined ? [] : (byAsn.get(asn) ?? [])).map((known) => ({
      known,
      endpoint: `AS${asn}`,
    }));
  }

  function reasonsOf(event: SecurityEvent, to: readonly string[]): Map<KnownPartner, RouteReason[]> {
    const reasons = new Map<KnownPartner, RouteReason[]>();
    const add = (known: KnownPartner, reason: RouteReason) => {
      const others = reasons.get(known) ?? [];
      // One reason of a kind is enough: a scan of a thousand hosts needs no thousand reasons.
      if (!others.some(({ kind }) => kind === reason.kind)) others.push(reason);
      reasons.set(known, others);
    };
    for (const [kind, side] of [
      ['ownsSource', event.sources],
      ['ownsTarget', event.targets],
    ] as const) {
      for (const endpoint of side ?? []) {
        // Whose address was forged has nothing to do with it.
        if (kind === 'ownsSource' && endpoint.spoofed === true) continue;
        for (const { known, ...owned } of ownersOf(endpoint)) add(known, { kind, ...owned });
      }
    }
    for (const known of partners) {
      if (known.policy.subscriptions.includes(event.type)) {
        add(known, { kind: 'subscribes', eventType: event.type });
      }
    }
    for (const name of new Set(to)) {
      const known = byName.get(name);
      if (known === undefined) throw unknownPartner(name);
      add(known, { kind: 'named' });
    }
    return reasons;
  }

  return {
    route(event, { to = [], cameBy } = {}) {
      const routes: { to: KnownPartner; because: readonly RouteReason[] }[] = [];
      const withheld: { to: KnownPartner; reason: string }[] = [];
      for (const [known, because] of reasonsOf(event, to)) {
        if (cameBy?.includes(known.name)) continue;
        const reason = objection(event, known, because, cameBy !== undefined);
        if (reason === undefined) routes.push({ to: known, because });
        else withheld.push({ to: known, reason });
      }
      return { routes, withheld };
    },
  };
}

function objection(
  event: SecurityEvent & { readonly tlp: Tlp },
  { policy }: KnownPartner,
  because: readonly RouteReason[],
  isRelayed: boolean,
): string | undefined {
  if (!policy.disclosure.eventTypes.includes(event.type)) return `it is not told of the type ${event.type}`;
  return tlpObjection(event.tlp, policy, because, isRelayed);
}

function unknownPartner(name: string): ExchangeError {
  return new ExchangeError('EXCHANGE_UNKNOWN_PARTNER', `no partner has the name "${name}"`, {
    permanent: true,
  });
}
