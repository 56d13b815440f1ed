import type { Party } from '@flowpact/event';
import { ExchangeError } from '../exchange-error.ts';
import { knownPartner } from './known-partner.ts';
import type { Partner, PartnerRoute } from './partner.ts';

/** Who is known, by name and by address. */
export interface PartnerDirectory {
  /** @throws ExchangeError `EXCHANGE_UNKNOWN_PARTNER`. */
  get(name: string): Partner;
  find(name: string): Partner | undefined;
  /** The partners that have this route. */
  withRoute(transport: string, address: string): readonly Partner[];
}

/**
 * @throws ExchangeError `EXCHANGE_BAD_CONFIG` for two partners of one name, one of ours, or an address space or a policy
 * that is none.
 */
export function createPartnerDirectory(self: Party, partners: readonly Partner[]): PartnerDirectory {
  const byName = new Map<string, Partner>();
  const byRoute = new Map<string, Set<Partner>>();
  for (const partner of partners) {
    const { name } = partner.party;
    if (name === self.name) throw badConfig(`a partner has our own name, "${name}"`);
    if (byName.has(name)) throw badConfig(`two partners have the name "${name}"`);
    knownPartner(partner);
    byName.set(name, partner);
    for (const { transport, address } of partner.routes) {
      const key = routeKey({ transport, address });
      byRoute.set(key, (byRoute.get(key) ?? new Set()).add(partner));
    }
  }
  return {
    get(name) {
      const partner = byName.get(name);
      if (partner !== undefined) return partner;
      const known = [...byName.keys()].slice(0, 10).join(', ');
      throw new ExchangeError(
        'EXCHANGE_UNKNOWN_PARTNER',
        `no partner has the name "${name}"; known are: ${known || 'none'}`,
        { permanent: true },
      );
    },
    find: (name) => byName.get(name),
    withRoute: (transport, address) => [...(byRoute.get(routeKey({ transport, address })) ?? [])],
  };
}

export function isRouteOf(partner: Partner, transport: string, address: string): boolean {
  const key = routeKey({ transport, address });
  return partner.routes.some((route) => routeKey(route) === key);
}

/** Transports are named without spaces; mail addresses differ by more than case in theory only. */
export function routeKey({ transport, address }: PartnerRoute): string {
  return `${transport} ${address.toLowerCase()}`;
}

function badConfig(message: string): ExchangeError {
  return new ExchangeError('EXCHANGE_BAD_CONFIG', message, { permanent: true });
}
