import { createIpfixEncoder } from '@flowpact/ipfix';
import { ipv6AddressText } from './address-plan.ts';
import type { ExportedFlow } from './export-order.ts';
import type { GeneratedFlow } from './flow.ts';

/** What one template exports of a flow: its fields, and their values in the same order. */
interface FlowTemplate {
  readonly id: number;
  readonly fields: readonly { readonly id: number; readonly pen?: number; readonly length: number }[];
  values(flow: GeneratedFlow): readonly (number | string)[];
}

const counters = [
  { id: 1, length: 8 }, // octetDeltaCount
  { id: 2, length: 8 }, // packetDeltaCount
  { id: 4, length: 1 }, // protocolIdentifier
];
const tail = [
  { id: 60, length: 1 }, // ipVersion
  { id: 152, length: 8 }, // flowStartMilliseconds
  { id: 153, length: 8 }, // flowEndMilliseconds
];
const tcpControlBits = { id: 6, length: 1 };
/** Masaryk University's HTTPRequestURL: 64 octets, padded with NUL. */
const httpRequestUrl = { id: 2, pen: 39499, length: 64 };
const maxUrlLength = 63;

const TCP = 6;
const UDP = 17;

/** What differs between the two versions of IP. */
interface Family {
  readonly version: number;
  readonly firstTemplateId: number;
  readonly source: FlowTemplate['fields'][number];
  readonly destination: FlowTemplate['fields'][number];
  readonly icmpTypeCode: FlowTemplate['fields'][number];
  readonly icmp: number;
  address(host: number): number | string;
  /** ICMP's type and code in the family's own numbers. */
  typeCode(icmpTypeCode: number): number;
}

const ipv4: Family = {
  version: 4,
  firstTemplateId: 256,
  source: { id: 8, length: 4 }, // sourceIPv4Address
  destination: { id: 12, length: 4 }, // destinationIPv4Address
  icmpTypeCode: { id: 32, length: 2 }, // icmpTypeCodeIPv4
  icmp: 1,
  address: (host) => host,
  typeCode: (typeCode) => typeCode,
};

const echoRequest = 8 << 8;
const ipv6: Family = {
  version: 6,
  firstTemplateId: 260,
  source: { id: 27, length: 16 }, // sourceIPv6Address
  destination: { id: 28, length: 16 }, // destinationIPv6Address
  icmpTypeCode: { id: 139, length: 2 }, // icmpTypeCodeIPv6
  icmp: 58,
  address: ipv6AddressText,
  typeCode: (typeCode) => (typeCode === echoRequest ? 128 << 8 : (1 << 8) | 4), // RFC 4443: port unreachable is 1, 4
};

/**
 * The templates of a family. Those of IPv4 are the four of the capture that FlowCEP replays, with the same ids,
 * elements and lengths.
 */
function templatesOf(family: Family): Record<GeneratedFlow['kind'], FlowTemplate> {
  const { version, firstTemplateId, source, destination, address } = family;
  const ends = [{ id: 7, length: 2 }, source, { id: 11, length: 2 }, destination];
  const endValues = (f: GeneratedFlow) => [
    f.sourcePort,
    address(f.source),
    f.destinationPort,
    address(f.destination),
  ];
  const tailValues = (f: GeneratedFlow) => [version, f.startMs, f.endMs];
  return {
    icmp: {
      id: firstTemplateId,
      fields: [...counters, source, destination, family.icmpTypeCode, ...tail],
      values: (f) => [
        ...[f.octets, f.packets, family.icmp, address(f.source), address(f.destination)],
        ...[family.typeCode(f.icmpTypeCode), ...tailValues(f)],
      ],
    },
    udp: {
      id: firstTemplateId + 1,
      fields: [...counters, ...ends, ...tail],
      values: (f) => [f.octets, f.packets, UDP, ...endValues(f), ...tailValues(f)],
    },
    tcp: {
      id: firstTemplateId + 2,
      fields: [...counters, tcpControlBits, ...ends, ...tail],
      values: (f) => [f.octets, f.packets, TCP, f.tcpFlags, ...endValues(f), ...tailValues(f)],
    },
    http: {
      id: firstTemplateId + 3,
      fields: [...counters, tcpControlBits, ...ends, ...tail, httpRequestUrl],
      values: (f) => [
        ...[f.octets, f.packets, TCP, f.tcpFlags, ...endValues(f), ...tailValues(f)],
        f.url.slice(0, maxUrlLength),
      ],
    },
  };
}

const ipv4Templates = templatesOf(ipv4);
const ipv6Templates = templatesOf(ipv6);

/** Exports flows as IPFIX messages, templates first. A message holds flows of one export second only. */
export function* exportTraffic(flows: Iterable<ExportedFlow>): Generator<Uint8Array> {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  const define = (templates: typeof ipv4Templates) => {
    for (const { id, fields } of Object.values(templates)) encoder.defineTemplate({ id, fields });
  };
  define(ipv4Templates);
  let ipv6Defined = false;
  let exportTime: number | undefined;
  for (const next of flows) {
    if (exportTime !== undefined && next.exportTime !== exportTime) encoder.flush(exportTime);
    exportTime = next.exportTime;
    if (next.flow.ipv6 && !ipv6Defined) {
      define(ipv6Templates);
      ipv6Defined = true;
    }
    const template = (next.flow.ipv6 ? ipv6Templates : ipv4Templates)[next.flow.kind];
    encoder.addRecord(template.id, template.values(next.flow), exportTime);
    yield* messages.splice(0);
  }
  if (exportTime !== undefined) encoder.flush(exportTime);
  yield* messages.splice(0);
}
