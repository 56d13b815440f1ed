import {
  BLOB,
  type DuckDBType,
  TIMESTAMP_MS,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { sqlName } from '../database/sql-text.ts';

/** How a column is kept, after the abstract data types of RFC 7012, section 3.1. */
export type FlowColumnType =
  | 'unsigned8'
  | 'unsigned16'
  | 'unsigned32'
  | 'unsigned64'
  | 'ipv4Address'
  | 'ipv6Address'
  | 'dateTimeMilliseconds'
  | 'string';

/** One column of the archive. */
export interface FlowColumnDefinition {
  /** Name of the Information Element. */
  readonly name: string;
  /** Numbers of IANA's elements that fill it, best first. */
  readonly elements: readonly number[];
  /** Elements of enterprises that fill it where those do not: Private Enterprise Number and id. */
  readonly enterpriseElements?: readonly { readonly pen: number; readonly id: number }[];
  readonly type: FlowColumnType;
}

const column = (
  name: string,
  type: FlowColumnType,
  ...elements: readonly number[]
): FlowColumnDefinition => ({
  name,
  elements,
  type,
});

/**
 * The columns of every file of the archive: what nearly every exporter tells, by IANA's names. Totals stand in for
 * deltas where an exporter has only those.
 */
export const flowColumns: readonly FlowColumnDefinition[] = [
  column('flowStartMilliseconds', 'dateTimeMilliseconds', 152),
  column('flowEndMilliseconds', 'dateTimeMilliseconds', 153),
  column('sourceIPv4Address', 'ipv4Address', 8),
  column('destinationIPv4Address', 'ipv4Address', 12),
  column('sourceIPv6Address', 'ipv6Address', 27),
  column('destinationIPv6Address', 'ipv6Address', 28),
  column('sourceTransportPort', 'unsigned16', 7, 180, 182),
  column('destinationTransportPort', 'unsigned16', 11, 181, 183),
  column('protocolIdentifier', 'unsigned8', 4),
  column('tcpControlBits', 'unsigned16', 6),
  column('ipClassOfService', 'unsigned8', 5),
  column('icmpTypeCode', 'unsigned16', 32, 139),
  column('packetDeltaCount', 'unsigned64', 2, 86),
  column('octetDeltaCount', 'unsigned64', 1, 85),
  column('ingressInterface', 'unsigned32', 10),
  column('egressInterface', 'unsigned32', 14),
  column('bgpSourceAsNumber', 'unsigned32', 16),
  column('bgpDestinationAsNumber', 'unsigned32', 17),
  column('ipNextHopIPv4Address', 'ipv4Address', 15),
  column('vlanId', 'unsigned16', 58),
  column('postVlanId', 'unsigned16', 59),
  column('flowEndReason', 'unsigned8', 136),
  column('samplingInterval', 'unsigned32', 34),
  column('exporterIPv4Address', 'ipv4Address', 130),
  column('exporterIPv6Address', 'ipv6Address', 131),
  column('observationDomainId', 'unsigned32', 149),
];

/** DuckDB's types of the columns; Parquet's follow from them. */
export const duckdbColumnTypes: Readonly<Record<FlowColumnType, DuckDBType>> = {
  unsigned8: UTINYINT,
  unsigned16: USMALLINT,
  unsigned32: UINTEGER,
  unsigned64: UBIGINT,
  // A number sorts and packs as no text does, and a prefix is a range of numbers, which statistics can exclude.
  ipv4Address: UINTEGER,
  ipv6Address: BLOB,
  dateTimeMilliseconds: TIMESTAMP_MS,
  string: VARCHAR,
};

/** A column as SQL declares it. */
export const columnDeclaration = ({ name, type }: FlowColumnDefinition): string =>
  `${sqlName(name)} ${duckdbColumnTypes[type]}`;
