import { isIPv6 } from 'node:net';
import { octetsToAddress, type PortRange } from '@flowpact/event';
import type { Json } from './message-json.ts';
import { asAddress, asUnsigned } from './values.ts';

/** `192.0.2.0/24`, `2001:db8::/32`, or an address without length; nothing for anything else. */
export function addressOfText(text: string): { readonly address?: string; readonly prefixLength?: number } {
  const [host, length, ...rest] = text.split('/');
  const address = asAddress(host);
  if (address === undefined || rest.length > 0) return {};
  if (length === undefined) return { address };
  const prefixLength = asUnsigned(length, isIPv6(address) ? 128 : 32);
  return prefixLength === undefined ? {} : { address, prefixLength };
}

/** The octets of an address as text; undefined for octets of another length or anything else. */
export function addressOfOctets(value: unknown): string | undefined {
  return value instanceof Uint8Array ? octetsToAddress(value) : undefined;
}

/** `80`, `22,80-90`. */
export function portsText(ports: readonly PortRange[]): string {
  return ports.map(({ low, high }) => (high === undefined ? `${low}` : `${low}-${high}`)).join(',');
}

/** Port ranges in JSON form; undefined for anything else. */
export function portsOfText(text: string): readonly Json[] | undefined {
  const ports: Json[] = [];
  for (const part of text.split(',')) {
    const [, lowText, highText] = /^\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?$/.exec(part) ?? [];
    const low = asUnsigned(lowText, 65535);
    const high = asUnsigned(highText, 65535);
    if (low === undefined || (highText !== undefined && (high === undefined || high < low))) return undefined;
    ports.push(high === undefined ? { low } : { low, high });
  }
  return ports;
}
