import { resolveMx } from 'node:dns/promises';
import { isIP } from 'node:net';
import { ExchangeError } from '../../exchange-error.ts';

/** What direct delivery asks the DNS. */
export interface MailResolver {
  /** @throws with the `code` of `node:dns`: `ENODATA`, `ENOTFOUND` where there is none. */
  resolveMx(domain: string): Promise<readonly { readonly exchange: string; readonly priority: number }[]>;
}

export const dnsResolver: MailResolver = { resolveMx };

/** Hosts of one domain that are tried (RFC 5321, section 5.1: "at least two"). */
const maxHosts = 5;

/**
 * The hosts that take mail for an address, in the order in which to try them (RFC 5321, section 5.1): by MX, those of one
 * preference in any order; without MX the domain itself.
 * @throws ExchangeError `EXCHANGE_SEND_FAILED`; permanent for a domain that takes no mail (RFC 7505), or has a host that
 * is none
 */
export async function mailHostsOf(address: string, resolver: MailResolver): Promise<readonly string[]> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (domain.startsWith('[')) return [literalHost(domain)];
  const records = await resolver.resolveMx(domain).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENODATA' || cause.code === 'ENOTFOUND') return [];
    throw failure(`the mail hosts of ${domain} cannot be looked up: ${cause.message}`, { cause });
  });
  if (records.length === 0) return [domain];
  if (records.every(({ exchange }) => exchange === '' || exchange === '.')) {
    throw failure(`${domain} takes no mail`, { permanent: true });
  }
  const drawn = records.map(({ exchange, priority }) => ({ exchange, priority, draw: Math.random() }));
  drawn.sort((x, y) => x.priority - y.priority || x.draw - y.draw);
  return [...new Set(drawn.map(({ exchange }) => exchange.replace(/\.$/, '')))].slice(0, maxHosts);
}

/** `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321, section 4.1.3). */
function literalHost(domain: string): string {
  const host = domain.slice(1, -1).replace(/^IPv6:/i, '');
  if (isIP(host) === 0) throw failure(`"${domain}" is no address`, { permanent: true });
  return host;
}

function failure(message: string, options: { permanent?: boolean; cause?: unknown }): ExchangeError {
  return new ExchangeError('EXCHANGE_SEND_FAILED', message, options);
}
