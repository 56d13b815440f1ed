import { isIPv6 } from 'node:net';
import type { Endpoint } from '@flowpact/event';
import { type Json, present } from '../model/message-json.ts';
import { addressOfText, portsOfText, portsText } from '../model/network-text.ts';
import { asUnsigned } from '../model/values.ts';
import { type XmlElement, type XmlNode, xml } from '../xml/xml-element.ts';
import type { XmlReading } from '../xml/xml-reading.ts';

/** RFC 4765, sections 4.2.4.3 and 4.2.4.4. A Target has no `spoofed`. */
export function endpointNode(endpoint: Endpoint, name: 'Source' | 'Target'): XmlNode {
  const { spoofed } = endpoint;
  const isSaid = name === 'Source' && spoofed !== undefined;
  return xml(
    name,
    { spoofed: isSaid ? (spoofed ? 'yes' : 'no') : undefined },
    nodeNode(endpoint),
    serviceNode(endpoint),
  );
}

function nodeNode({ name, address, prefixLength }: Endpoint): XmlNode | undefined {
  if (name === undefined && address === undefined) return undefined;
  return xml(
    'Node',
    {},
    name === undefined ? undefined : xml('name', {}, name),
    address === undefined ? undefined : addressNode(address, prefixLength),
  );
}

function addressNode(address: string, prefixLength: number | undefined): XmlNode {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return prefixLength === undefined
    ? xml('Address', { category: `${family}-addr` }, xml('address', {}, address))
    : xml('Address', { category: `${family}-net` }, xml('address', {}, `${address}/${prefixLength}`));
}

/** A Service must have a port: a protocol alone is additional data. */
function serviceNode({ protocol, ports = [] }: Endpoint): XmlNode | undefined {
  if (ports.length === 0) return undefined;
  const isOne = ports.length === 1 && ports[0].high === undefined;
  return xml(
    'Service',
    { iana_protocol_number: protocol === undefined ? undefined : String(protocol) },
    isOne ? xml('port', {}, String(ports[0].low)) : xml('portlist', {}, portsText(ports)),
  );
}

/** The endpoint in JSON form; of several addresses the first that is one of IP. */
export function endpointOf(element: XmlElement, reading: XmlReading): Json {
  const spoofed = element.name === 'Source' ? reading.attribute(element, 'spoofed') : undefined;
  // Some senders leave out the Node.
  const node = reading.child(element, 'Node') ?? element;
  const service = reading.child(element, 'Service');
  const portText = reading.text(service, 'port') ?? reading.text(service, 'portlist');
  const ports = portText === undefined ? undefined : portsOfText(portText);
  if (portText !== undefined && ports === undefined) {
    reading.lose(`${element.name}/Service/port`, 'dropped', `line ${element.line}: not ports`);
  }
  const name = reading.text(node, 'name');
  return (
    present({
      ...addressOf(node, element.name, reading),
      name,
      ports,
      protocol: protocolOf(service, reading),
      spoofed: spoofed === 'yes' ? true : spoofed === 'no' ? false : undefined,
    }) ?? {}
  );
}

function addressOf(node: XmlElement | undefined, path: string, reading: XmlReading): Record<string, Json> {
  let found: Record<string, Json> | undefined;
  for (const element of reading.children(node, 'Address')) {
    reading.attribute(element, 'category');
    const text = reading.text(element, 'address') ?? '';
    const read = addressOfText(text);
    if (read.address === undefined || found !== undefined) {
      reading.lose(`${path}/Node/Address`, 'dropped', `line ${element.line}: ${text.slice(0, 60)}`);
    } else {
      found = { ...read } as Record<string, Json>;
    }
  }
  return found ?? {};
}

const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  'ipv6-icmp': 58,
  sctp: 132,
};

function protocolOf(service: XmlElement | undefined, reading: XmlReading): number | undefined {
  const number = asUnsigned(reading.attribute(service, 'iana_protocol_number'), 255);
  if (number !== undefined) return number;
  const name = (reading.attribute(service, 'iana_protocol_name') ?? reading.text(service, 'protocol') ?? '')
    .trim()
    .toLowerCase();
  return Object.hasOwn(protocolNumbers, name) ? protocolNumbers[name] : undefined;
}
