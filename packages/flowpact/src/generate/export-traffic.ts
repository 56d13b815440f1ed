import { createIpfixEncoder } from '@flowpact/ipfix';
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
const ports = [
  { id: 7, length: 2 }, // sourceTransportPort
  { id: 8, length: 4 }, // sourceIPv4Address
  { id: 11, length: 2 }, // destinationTransportPort
  { id: 12, length: 4 }, // destinationIPv4Address
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

const ICMP = 1;
const TCP = 6;
const UDP = 17;

/** The four templates of the capture that FlowCEP replays, with the same ids, elements and lengths. */
const templates: Record<GeneratedFlow['kind'], FlowTemplate> = {
  icmp: {
    id: 256,
    fields: [...counters, { id: 8, length: 4 }, { id: 12, length: 4 }, { id: 32, length: 2 }, ...tail],
    values: (f) => [
      f.octets,
      f.packets,
      ICMP,
      f.source,
      f.destination,
      f.icmpTypeCode,
      4,
      f.startMs,
      f.endMs,
    ],
  },
  udp: {
    id: 257,
    fields: [...counters, ...ports, ...tail],
    values: (f) => [f.octets, f.packets, UDP, ...portValues(f), 4, f.startMs, f.endMs],
  },
  tcp: {
    id: 258,
    fields: [...counters, tcpControlBits, ...ports, ...tail],
    values: (f) => [f.octets, f.packets, TCP, f.tcpFlags, ...portValues(f), 4, f.startMs, f.endMs],
  },
  http: {
    id: 259,
    fields: [...counters, tcpControlBits, ...ports, ...tail, httpRequestUrl],
    values: (f) => [
      ...[f.octets, f.packets, TCP, f.tcpFlags, ...portValues(f), 4, f.startMs, f.endMs],
      f.url.slice(0, maxUrlLength),
    ],
  },
};

function portValues(f: GeneratedFlow): number[] {
  return [f.sourcePort, f.source, f.destinationPort, f.destination];
}

/** Exports flows as IPFIX messages, templates first. A message holds flows of one export second only. */
export function* exportTraffic(flows: Iterable<ExportedFlow>): Generator<Uint8Array> {
  const messages: Uint8Array[] = [];
  const encoder = createIpfixEncoder({}, { onMessage: (message) => messages.push(message) });
  for (const { id, fields } of Object.values(templates)) encoder.defineTemplate({ id, fields });
  let exportTime: number | undefined;
  for (const next of flows) {
    if (exportTime !== undefined && next.exportTime !== exportTime) encoder.flush(exportTime);
    exportTime = next.exportTime;
    const template = templates[next.flow.kind];
    encoder.addRecord(template.id, template.values(next.flow), exportTime);
    yield* messages.splice(0);
  }
  if (exportTime !== undefined) encoder.flush(exportTime);
  yield* messages.splice(0);
}
