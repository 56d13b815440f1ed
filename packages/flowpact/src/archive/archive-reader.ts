import { isIPv4 } from 'node:net';
import { addressToOctets } from '@flowpact/event';
import {
  createObjectReader,
  type FieldSelection,
  type RecordReader,
  type SelectedElement,
} from '@flowpact/ipfix';
import type { FlowArchive, FlowColumnDefinition, FlowRecord } from '@flowpact/store';

/** Times of other precision, which are milliseconds too once they are read. */
const otherTimes: Readonly<Record<string, readonly number[]>> = {
  flowStartMilliseconds: [150, 154, 156],
  flowEndMilliseconds: [151, 155, 157],
};

/** The packets times the sampling rate, from which the rate is told that an exporter gave apart from its flows. */
const scaledPackets = 'packets at the sampling rate';

/**
 * What makes decoders fill an archive. What a record does not have and its message tells is filled in: the exporter, the
 * observation domain, the sampling rate, and for a flow without times that of its export.
 */
export function createArchiveReader(
  archive: Pick<FlowArchive, 'columns' | 'append'>,
  exporterAddress: string | undefined,
): RecordReader {
  const fields = [...archive.columns.map(fieldOf), packetsField];
  const exporter = exporterColumns(exporterAddress);
  return createObjectReader(
    { fields },
    {
      onRecord(record, header) {
        const flow = record as FlowRecord;
        flow.flowStartMilliseconds ??= flow.flowEndMilliseconds ?? header.exportTimeMs;
        flow.observationDomainId ??= header.observationDomainId;
        if (flow.exporterIPv4Address === null && flow.exporterIPv6Address === null) {
          flow.exporterIPv4Address = exporter.ipv4;
          flow.exporterIPv6Address = exporter.ipv6;
        }
        const packets = flow.packetDeltaCount as number | null;
        if (flow.samplingInterval === null && packets !== null && packets > 0) {
          const rate = (flow[scaledPackets] as number) / packets;
          if (rate > 1) flow.samplingInterval = Math.min(Math.round(rate), 0xffffffff);
        }
        archive.append(flow);
      },
    },
  );
}

const packetsField: FieldSelection = { name: scaledPackets, elements: iana(2, 86), as: 'scaled' };

function fieldOf({ name, elements, enterpriseElements = [], type }: FlowColumnDefinition): FieldSelection {
  const all = [...iana(...elements, ...(otherTimes[name] ?? [])), ...enterpriseElements];
  switch (type) {
    case 'ipv6Address':
      return { name, elements: all.map((element) => ({ ...element, dataType: 'octetArray' })), as: 'native' };
    case 'string':
      return { name, elements: all, as: 'text' };
    case 'unsigned8':
    case 'unsigned16':
    case 'unsigned32':
    case 'unsigned64':
    case 'ipv4Address':
    case 'dateTimeMilliseconds':
      return { name, elements: all, as: 'number' };
    default:
      return type satisfies never;
  }
}

function iana(...ids: readonly number[]): readonly SelectedElement[] {
  return ids.map((id) => ({ pen: 0, id }));
}

function exporterColumns(address: string | undefined): {
  readonly ipv4: number | null;
  readonly ipv6: Uint8Array | null;
} {
  if (address === undefined) return { ipv4: null, ipv6: null };
  const octets = addressToOctets(address.replace(/%.*$/, ''));
  return isIPv4(address)
    ? { ipv4: octets.reduce((sum, octet) => sum * 256 + octet, 0), ipv6: null }
    : { ipv4: null, ipv6: octets };
}
