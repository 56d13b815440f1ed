import { connect } from 'node:net';
import { type IpPrefix, ipPrefixText, parseIpPrefix, prefixOfOctets } from '@flowpact/event';
import type { ExchangeSettings } from '../config/exchange-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { parseHostPort } from '../input/socket-url.ts';
import { checkExchangeParts } from './check-exchange-parts.ts';

/** What would keep messages from arriving or from being believed, or may surprise somebody. */
export interface PartnerFinding {
  readonly severity: 'error' | 'warning';
  /** A partner, or a part of the configuration. */
  readonly about: string;
  readonly message: string;
}

/** How long a server may take to answer, milliseconds. */
const connectTimeoutMs = 5_000;
/** Networks that two of the same owner overlap in are told of this often at most. */
const maxOverlaps = 100;

/**
 * @param options.connect whether the relay and the broker are connected to
 * @throws FlowpactError where the configuration itself is wrong
 */
export async function checkPartners(
  loaded: LoadedConfig,
  options: { readonly connect: boolean },
): Promise<readonly PartnerFinding[]> {
  const settings = loaded.config.exchange;
  if (settings === undefined) return [];
  await checkExchangeParts(loaded);
  return [
    ...routesAndKeys(loaded, settings),
    ...overlaps(loaded, settings),
    ...(options.connect ? await unreachable(settings) : []),
  ];
}

function routesAndKeys({ partners }: LoadedConfig, settings: ExchangeSettings): PartnerFinding[] {
  const carried = {
    smtp: settings.mail?.relay !== undefined || settings.mail?.direct !== undefined,
    stomp: settings.stomp !== undefined,
  };
  const isSigned = settings.keys.length > 0;
  return partners.flatMap(({ config: { name, routes, keys, addressSpace } }): PartnerFinding[] => {
    const error = (message: string): PartnerFinding => ({ severity: 'error', about: name, message });
    const warning = (message: string): PartnerFinding => ({ severity: 'warning', about: name, message });
    const usable = keys.filter(
      ({ revoked, until }) => !revoked && !(until !== undefined && Date.parse(until) < Date.now()),
    );
    return [
      ...(routes.some(({ transport }) => carried[transport])
        ? []
        : [
            error(
              'none of its routes is by a way that is configured: ' +
                'exchange.mail.relay, exchange.mail.direct or exchange.stomp',
            ),
          ]),
      ...(isSigned && usable.length === 0
        ? [error('has no key that counts now, so nothing of it will be believed')]
        : []),
      ...(addressSpace.length === 0
        ? [warning('answers for no networks, so it is told only what it subscribes to')]
        : []),
    ];
  });
}

/** Pairs of networks, of ourselves and partners, that one address can be in. */
function overlaps({ partners }: LoadedConfig, settings: ExchangeSettings): PartnerFinding[] {
  const all = [
    { name: settings.name, addressSpace: settings.addressSpace },
    ...partners.map((each) => each.config),
  ]
    .flatMap(({ name, addressSpace }) => addressSpace.map((text) => ({ name, prefix: parseIpPrefix(text) })))
    .sort((a, b) => compare(a.prefix, b.prefix));
  const found: PartnerFinding[] = [];
  /** The networks around the one that is looked at, the widest first: sorted, those within follow. */
  let around: typeof all = [];
  for (const each of all) {
    around = around.filter(({ prefix }) => contains(prefix, each.prefix));
    for (const { name, prefix } of around) {
      if (name === each.name || found.length >= maxOverlaps) continue;
      const message = `${ipPrefixText(each.prefix)} is within ${ipPrefixText(prefix)} of ${name}; the longer network decides`;
      found.push({ severity: 'warning', about: each.name, message });
    }
    around.push(each);
  }
  return found;
}

function compare(a: IpPrefix, b: IpPrefix): number {
  return a.octets.length - b.octets.length || Buffer.compare(a.octets, b.octets) || a.length - b.length;
}

function contains(outer: IpPrefix, inner: IpPrefix): boolean {
  return (
    outer.octets.length === inner.octets.length &&
    outer.length <= inner.length &&
    Buffer.compare(prefixOfOctets(inner.octets, outer.length).octets, outer.octets) === 0
  );
}

async function unreachable({ mail, stomp }: ExchangeSettings): Promise<PartnerFinding[]> {
  const servers = [
    { about: 'exchange.mail.relay', server: mail?.relay?.server },
    { about: 'exchange.stomp', server: stomp?.server },
  ];
  const found = await Promise.all(
    servers.map(async ({ about, server }): Promise<PartnerFinding[]> => {
      const reason = server === undefined ? undefined : await failureOf(parseHostPort(server, '127.0.0.1'));
      return reason === undefined
        ? []
        : [{ severity: 'error', about, message: `${server} cannot be reached: ${reason}` }];
    }),
  );
  return found.flat();
}

function failureOf(address: { readonly host: string; readonly port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: connectTimeoutMs });
    const settle = (reason?: string) => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => settle());
    socket.once('timeout', () => settle(`no answer within ${connectTimeoutMs} ms`));
    socket.once('error', ({ message }) => settle(message));
  });
}
