import { type FlowLayout, type FlowRow, type FlowValue, type IpPrefix, parseIpPrefix } from '@flowpact/event';
import { listHours } from '../archive/archive-folder.ts';
import { flowsRelation } from '../archive/flows-relation.ts';
import { sqlTime } from '../database/sql-text.ts';
import type { QueryRunner } from './query-runner.ts';
import { rowsOf } from './query-runner.ts';

/** Which of the kept flows are wanted, in either direction. */
export interface FindFlowsQuery {
  /** Networks (`192.0.2.0/24`, `2001:db8::1/128`): one end of the flow is in one of these, */
  readonly ends: readonly string[];
  /** and the other end in one of these; left out: anywhere. */
  readonly otherEnds?: readonly string[];
  /** The flow was seen at or after this, milliseconds since 1970. */
  readonly fromMs: number;
  /** And before this. */
  readonly toMs: number;
  /** Rows at most, the earliest first. */
  readonly limit: number;
}

export interface FoundFlows {
  readonly layout: FlowLayout;
  readonly rows: readonly FlowRow[];
  /** Not all that were looked for: there are more than the limit, or some of that time are not kept any more. */
  readonly isPartial: boolean;
}

/**
 * A flow that began before the time may have gone on into it. Flows are filed by their start, and exporters cut them
 * after their active timeout, which is half an hour by default in most of them.
 */
const longestFlowMs = 3_600_000;

/** What a partner gets: IANA's number of each column, and how it is read. */
const columns = [
  { id: 152, sql: 'epoch_ms(flowStartMilliseconds)' },
  { id: 153, sql: 'epoch_ms(flowEndMilliseconds)' },
  { id: 8, sql: 'sourceIPv4Address', isIpv4: true },
  { id: 27, sql: 'sourceIPv6Address' },
  { id: 12, sql: 'destinationIPv4Address', isIpv4: true },
  { id: 28, sql: 'destinationIPv6Address' },
  { id: 7, sql: 'sourceTransportPort' },
  { id: 11, sql: 'destinationTransportPort' },
  { id: 2, sql: 'packetDeltaCount' },
  { id: 1, sql: 'octetDeltaCount' },
  { id: 4, sql: 'protocolIdentifier' },
  { id: 6, sql: 'tcpControlBits' },
] as const;

/** The kept flows between networks, as rows that can travel with an event. @throws StoreError, EventError. */
export async function findFlows(
  directory: string,
  runner: QueryRunner,
  { ends, otherEnds, fromMs, toMs, limit }: FindFlowsQuery,
): Promise<FoundFlows> {
  const [first, second] = [ends, otherEnds].map((networks) => networks?.map(parseIpPrefix));
  const between = (one: 'source' | 'destination', other: 'source' | 'destination') =>
    second === undefined ? isIn(one, first) : `(${isIn(one, first)} AND ${isIn(other, second)})`;
  const relation = await flowsRelation(directory, { fromMs: fromMs - longestFlowMs, toMs });
  const selected = columns.map(({ sql }, i) => `${sql} AS c${i}`).join(', ');
  const result = await runner.run(
    `SELECT ${selected} FROM ${relation}
     WHERE flowStartMilliseconds >= ${sqlTime(fromMs - longestFlowMs)} AND flowStartMilliseconds < ${sqlTime(toMs)}
       AND coalesce(flowEndMilliseconds, flowStartMilliseconds) >= ${sqlTime(fromMs)}
       AND (${between('source', 'destination')} OR ${between('destination', 'source')})
     ORDER BY flowStartMilliseconds LIMIT ${Math.trunc(limit) + 1}`,
    [],
    { maxRows: limit + 1 },
  );
  const rows = await rowsOf(result);
  const [oldest] = await listHours(directory);
  return {
    layout: { columns: columns.map(({ id }) => ({ kind: 'iana', id })) },
    rows: rows.slice(0, limit).map((row) =>
      row.map((value, i): FlowValue => {
        const column = columns[i];
        return 'isIpv4' in column && typeof value === 'number' ? octetsOfNumber(value) : (value as FlowValue);
      }),
    ),
    isPartial: rows.length > limit || oldest === undefined || oldest.startMs > fromMs,
  };
}

const octetsOfNumber = (address: number): Uint8Array =>
  Uint8Array.of(address >>> 24, address >>> 16, address >>> 8, address);

/** SQL: the address of that side is in one of the networks. */
function isIn(side: 'source' | 'destination', networks: readonly IpPrefix[] = []): string {
  const tests = networks.map(({ octets, length }) => {
    const last = octets.map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, length - 8 * i))));
    return octets.length === 4
      ? `${side}IPv4Address BETWEEN ${numberOfOctets(octets)} AND ${numberOfOctets(last)}`
      : `${side}IPv6Address BETWEEN ${sqlOctets(octets)} AND ${sqlOctets(last)}`;
  });
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`;
}

const numberOfOctets = (octets: Uint8Array): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);

const sqlOctets = (octets: Uint8Array): string => `unhex('${Buffer.from(octets).toString('hex')}')`;
