import { createTemplate } from '../message/create-template.ts';
import type { DerivedField, FieldSpecifier, Template } from '../message/template.ts';
import { findElement } from '../registry/find-element.ts';

type Layout = readonly (readonly [id: number, length: number])[];

const paddingOctets = 210;

/** Addresses, interfaces, counters, uptimes and ports: the first 36 octets of the records of all three versions. */
const beginning: Layout = [
  [8, 4], // srcaddr: sourceIPv4Address
  [12, 4], // dstaddr: destinationIPv4Address
  [15, 4], // nexthop: ipNextHopIPv4Address
  [10, 2], // input: ingressInterface
  [14, 2], // output: egressInterface
  [2, 4], // dPkts: packetDeltaCount
  [1, 4], // dOctets: octetDeltaCount
  [22, 4], // First: flowStartSysUpTime
  [21, 4], // Last: flowEndSysUpTime
  [7, 2], // srcport: sourceTransportPort
  [11, 2], // dstport: destinationTransportPort
];

/** src_as, dst_as, src_mask, dst_mask. */
const routing: Layout = [
  [16, 2], // bgpSourceAsNumber
  [17, 2], // bgpDestinationAsNumber
  [9, 1], // sourceIPv4PrefixLength
  [13, 1], // destinationIPv4PrefixLength
];

/** pad1, prot, tos, tcp_flags, and what no exporter fills. */
const v1Layout = (unused: number): Layout => [
  ...beginning,
  [paddingOctets, 2],
  [4, 1],
  [5, 1],
  [6, 1],
  [paddingOctets, unused],
];

/** Octets of a record of v1 as some routers (Extreme Networks') send it: with 4 more of padding. */
export const longV1Record = 52;

/** The records of v1, v5 and v7, 48, 48 and 52 octets, as Cisco's "NetFlow Export Datagram Format" gives them. */
const layouts: Readonly<Record<1 | 5 | 7, Layout>> = {
  1: v1Layout(7),
  // pad1, tcp_flags, prot, tos, routing, pad2
  5: [...beginning, [paddingOctets, 1], [6, 1], [4, 1], [5, 1], ...routing, [paddingOctets, 2]],
  // flags of invalid fields, tcp_flags, prot, tos, routing, flags again, router_sc: the router that was bypassed
  7: [...beginning, [paddingOctets, 1], [6, 1], [4, 1], [5, 1], ...routing, [paddingOctets, 2], [130, 4]],
};

const field = (id: number, length: number): FieldSpecifier => ({
  pen: 0,
  id,
  length,
  element: findElement(0, id),
});

/** What the header of v5 says of its records. */
const v5HeaderFields: readonly DerivedField[] = [
  { kind: 'header', field: field(34, 4), value: 'samplingInterval' },
  { kind: 'header', field: field(35, 1), value: 'samplingMode' },
  { kind: 'header', field: field(38, 1), value: 'engineType' },
  { kind: 'header', field: field(39, 1), value: 'engineId' },
];

/** The template of a version that knows none, for records of so many octets; its id is the version. */
export function fixedTemplate(
  version: 1 | 5 | 7,
  observationDomainId: number,
  recordLength: number,
): Template {
  const layout = version === 1 && recordLength === longV1Record ? v1Layout(11) : layouts[version];
  return createTemplate({
    kind: 'data',
    version,
    id: version,
    observationDomainId,
    fields: layout.map(([id, length]) => field(id, length)),
    scopeFieldCount: 0,
    headerFields: version === 5 ? v5HeaderFields : [],
  });
}
