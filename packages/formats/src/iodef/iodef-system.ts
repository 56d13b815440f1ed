import { isIPv6 } from 'node:net';
import type { Endpoint, PortRange } from '@flowpact/event';
import { type Json, present, presentList } from '../model/message-json.ts';
import { addressOfText, portsOfText, portsText } from '../model/network-text.ts';
import { asUnsigned } from '../model/values.ts';
import { type XmlElement, type XmlNode, xml } from '../xml/xml-element.ts';
import type { XmlReading } from '../xml/xml-reading.ts';
import type { IodefDialect } from './iodef-dialect.ts';

export type SystemCategory = 'source' | 'target';

/** RFC 7970, section 3.17; RFC 5070, section 3.15. */
export function systemNode(endpoint: Endpoint, category: SystemCategory, dialect: IodefDialect): XmlNode {
  const { address, prefixLength, name, asn, spoofed } = endpoint;
  const role = endpoint.role === undefined ? undefined : roleNode(endpoint.role, dialect);
  const isVersion1 = dialect.version === '1.00';
  return xml(
    'System',
    { category, spoofed: spoofed === undefined ? undefined : spoofed ? 'yes' : 'no' },
    xml(
      'Node',
      {},
      name === undefined ? undefined : nameNode(name, dialect),
      address === undefined ? undefined : addressNode(address, prefixLength),
      asn === undefined ? undefined : xml('Address', { category: 'asn' }, String(asn)),
      isVersion1 ? role : undefined,
    ),
    isVersion1 ? undefined : role,
    serviceNode(endpoint, dialect),
  );
}

export function addressNode(address: string, prefixLength?: number): XmlNode {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return prefixLength === undefined
    ? xml('Address', { category: `${family}-addr` }, address)
    : xml('Address', { category: `${family}-net` }, `${address}/${prefixLength}`);
}

/** In version 2 both states of the domain are required (RFC 7970, section 3.19). */
function nameNode(name: string, { version }: IodefDialect): XmlNode {
  return version === '1.00'
    ? xml('NodeName', {}, name)
    : xml('DomainData', { 'system-status': 'unknown', 'domain-status': 'unknown' }, xml('Name', {}, name));
}

function roleNode(role: string, { roles }: IodefDialect): XmlNode {
  return Object.hasOwn(roles, role)
    ? xml('NodeRole', { category: roles[role] })
    : xml('NodeRole', { category: 'ext-value', 'ext-category': role });
}

/** The protocol is required: 0 where it is not known. */
function serviceNode(
  { protocol, ports = [] }: Endpoint,
  { protocolAttribute }: IodefDialect,
): XmlNode | undefined {
  if (protocol === undefined && ports.length === 0) return undefined;
  return xml('Service', { [protocolAttribute]: String(protocol ?? 0) }, portNode(ports));
}

function portNode(ports: readonly PortRange[]): XmlNode | undefined {
  if (ports.length === 0) return undefined;
  const [{ low, high }] = ports;
  if (ports.length === 1 && high === undefined) return xml('Port', {}, String(low));
  return xml('Portlist', {}, portsText(ports));
}

/** The endpoint, in JSON form. Of several addresses that are no AS the first is read. */
export function endpointOfSystem(system: XmlElement, reading: XmlReading, dialect: IodefDialect): Json {
  const spoofed = reading.attribute(system, 'spoofed');
  // Some senders leave out the Node, others put the Service into it.
  const node = reading.child(system, 'Node') ?? system;
  const services = [...new Set([system, node])].flatMap((holder) => reading.children(holder, 'Service'));
  if (services.length > 1) {
    reading.lose(
      'System/Service',
      'approximated',
      `line ${system.line}: the ports of all services are taken together`,
    );
  }
  const domain = reading.child(node, 'DomainData');
  for (const name of ['system-status', 'domain-status']) reading.attribute(domain, name);
  const role = reading.child(system, 'NodeRole') ?? reading.child(node, 'NodeRole');
  return (
    present({
      ...addressesOf(reading.children(node, 'Address'), reading),
      protocol: asUnsigned(
        reading.attribute(services[0], dialect.protocolAttribute) ??
          reading.attribute(services[0], 'ip_protocol') ??
          reading.attribute(services[0], 'ip-protocol'),
        255,
      ),
      ports: presentList(services.flatMap((service) => portsOf(service, reading))),
      name: reading.text(node, 'NodeName') ?? reading.text(domain, 'Name'),
      role: role && roleOf(role, reading, dialect),
      spoofed: spoofed === 'yes' ? true : spoofed === 'no' ? false : undefined,
    }) ?? {}
  );
}

function roleOf(role: XmlElement, reading: XmlReading, { roles }: IodefDialect): string | undefined {
  const category = reading.attribute(role, 'category');
  const extension = reading.attribute(role, 'ext-category');
  if (category === 'ext-value') return extension;
  return Object.keys(roles).find((word) => roles[word] === category) ?? category;
}

function addressesOf(elements: readonly XmlElement[], reading: XmlReading): Record<string, Json | undefined> {
  const fields: Record<string, Json | undefined> = {};
  for (const element of elements) {
    const category = reading.attribute(element, 'category') ?? 'ipv4-addr';
    const { address, prefixLength } = addressOfText(element.text.trim());
    const asn = category === 'asn' ? asUnsigned(element.text.replace(/^\s*AS/i, ''), 0xffffffff) : undefined;
    if (asn !== undefined && fields.asn === undefined) fields.asn = asn;
    else if (/^ipv[46]-(addr|net)$/.test(category) && address !== undefined && fields.address === undefined) {
      fields.address = address;
      fields.prefixLength = prefixLength;
    } else {
      const note = `line ${element.line}: ${category} ${element.text.trim().slice(0, 60)}`;
      reading.lose('System/Node/Address', 'dropped', note);
    }
  }
  return fields;
}

function portsOf(service: XmlElement, reading: XmlReading): readonly Json[] {
  const text = reading.text(service, 'Port') ?? reading.text(service, 'Portlist');
  if (text === undefined) return [];
  const ports = portsOfText(text);
  if (ports === undefined) {
    reading.lose('System/Service/Port', 'dropped', `line ${service.line}: not ports: ${text.slice(0, 60)}`);
  }
  return ports ?? [];
}
