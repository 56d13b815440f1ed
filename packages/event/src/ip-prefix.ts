import type { Endpoint } from './endpoint.ts';
import { EventError } from './event-error.ts';
import { addressToOctets, octetsToAddress } from './ip-address.ts';

/** A network of addresses: all that begin with the same bits. The bits behind them are 0. */
export interface IpPrefix {
  /** 4 or 16. */
  readonly octets: Uint8Array;
  /** 0..32 or 0..128. */
  readonly length: number;
}

/**
 * `192.0.2.0/24`, `2001:db8::/32`; an address without a length is a network of its own.
 * @throws EventError `EVENT_BAD_ADDRESS`, also for a network with bits behind its length: it may be meant otherwise.
 */
export function parseIpPrefix(text: string): IpPrefix {
  const [, address, digits] = /^([^/]*)(?:\/(0|[1-9][0-9]{0,2}))?$/.exec(text) ?? [];
  if (address === undefined) throw badPrefix(text, 'write it as 192.0.2.0/24');
  const octets = addressToOctets(address);
  const bits = 8 * octets.length;
  const length = digits === undefined ? bits : Number(digits);
  if (length > bits) throw badPrefix(text, `the length is ${bits} at most`);
  const prefix = prefixOfOctets(octets, length);
  if (Buffer.compare(prefix.octets, octets) !== 0) {
    throw badPrefix(text, `bits behind the length are set; its network is ${ipPrefixText(prefix)}`);
  }
  return prefix;
}

/** The network of this length that the address is in. */
export function prefixOfOctets(address: Uint8Array, length: number): IpPrefix {
  const octets = address.map((octet, i) => octet & (0xff00 >> Math.min(8, Math.max(0, length - 8 * i))));
  return { octets, length };
}

/** The addresses that an endpoint stands for; undefined where it names none. */
export function prefixOfEndpoint({ address, prefixLength }: Endpoint): IpPrefix | undefined {
  if (address === undefined) return undefined;
  const octets = addressToOctets(address);
  return prefixOfOctets(octets, prefixLength ?? 8 * octets.length);
}

/** The canonical text, with the length even of a single address. */
export function ipPrefixText({ octets, length }: IpPrefix): string {
  return `${octetsToAddress(octets)}/${length}`;
}

function badPrefix(text: string, what: string): EventError {
  return new EventError('EVENT_BAD_ADDRESS', `not an IPv4 or IPv6 network: "${text}": ${what}`);
}
