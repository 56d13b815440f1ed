import type { Endpoint, PortRange } from '@flowpact/event';
import { printable } from './printable.ts';

const maxNameLength = 255;
const maxPortsShown = 8;
const protocolNames: Readonly<Record<number, string>> = {
  1: 'ICMP',
  6: 'TCP',
  17: 'UDP',
  47: 'GRE',
  58: 'ICMPv6',
  132: 'SCTP',
};

/** What names the endpoint, in one word: `203.0.113.7`, `2001:db8::/32`, `www.example`, `AS64500`. */
export function endpointName(endpoint: Endpoint): string {
  if (endpoint.address !== undefined) {
    const prefix = endpoint.prefixLength === undefined ? '' : `/${endpoint.prefixLength}`;
    return printable(endpoint.address, maxNameLength) + prefix;
  }
  if (endpoint.name !== undefined) return printable(endpoint.name, maxNameLength);
  if (endpoint.asn !== undefined) return `AS${endpoint.asn}`;
  return '?';
}

/** Everything that is said of the endpoint, in one line. */
export function endpointLine(endpoint: Endpoint): string {
  const details = [
    endpoint.protocol === undefined
      ? undefined
      : (protocolNames[endpoint.protocol] ?? `protocol ${endpoint.protocol}`),
    endpoint.ports === undefined ? undefined : portsText(endpoint.ports),
    endpoint.address !== undefined && endpoint.name !== undefined
      ? printable(endpoint.name, maxNameLength)
      : undefined,
    endpoint.asn !== undefined ? `AS${endpoint.asn}` : undefined,
    endpoint.role === undefined ? undefined : printable(endpoint.role, maxNameLength),
    endpoint.spoofed === true ? 'believed to be forged' : undefined,
  ].filter((detail) => detail !== undefined && detail !== '');
  const name = endpointName(endpoint);
  return details.length === 0 ? name : `${name} (${details.join(', ')})`;
}

function portsText(ports: readonly PortRange[]): string {
  if (ports.length === 0) return '';
  const shown = ports
    .slice(0, maxPortsShown)
    .map(({ low, high }) => (high === undefined || high === low ? `${low}` : `${low}-${high}`));
  const more = ports.length - shown.length;
  return `port ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
