import type { DuckDBConnection } from '@duckdb/node-api';
import { toQueryValue } from '../query/query-value.ts';
import type { TalkerRecord, TrafficRecord } from '../record/records.ts';
import type { TrafficSummary } from './archive-config.ts';

const minute = `epoch_ms(time_bucket(INTERVAL 1 MINUTE, flowStartMilliseconds::TIMESTAMP))`;
const rate = `coalesce(nullif(samplingInterval, 0), 1)`;
const sums = `count(*) AS flows, coalesce(sum(packetDeltaCount * ${rate}), 0)::HUGEINT AS packets,
  coalesce(sum(octetDeltaCount * ${rate}), 0)::HUGEINT AS octets`;

const trafficSql = (table: string) =>
  `SELECT minute, coalesce(ipv4_text(v4), ipv6_text(v6)), protocolIdentifier, flows, packets, octets FROM (
     SELECT ${minute} AS minute, exporterIPv4Address AS v4, exporterIPv6Address AS v6, protocolIdentifier, ${sums}
     FROM ${table} GROUP BY ALL)`;

/** Text is made of the few addresses that remain. */
const talkersSql = (table: string, role: 'source' | 'destination', count: number) =>
  `SELECT minute, coalesce(ipv4_text(v4), ipv6_text(v6)), flows, packets, octets FROM (
     SELECT ${minute} AS minute, ${role}IPv4Address AS v4, ${role}IPv6Address AS v6, ${sums}
     FROM ${table} WHERE ${role}IPv4Address IS NOT NULL OR ${role}IPv6Address IS NOT NULL GROUP BY ALL)
   QUALIFY row_number() OVER (PARTITION BY minute ORDER BY octets DESC) <= ${count}`;

/** Sums over the flows of a table; packets and octets are times the sampling rate where the flow tells one. */
export async function summarise(
  connection: DuckDBConnection,
  table: string,
  talkers: number,
): Promise<TrafficSummary> {
  const read = async (sql: string) =>
    (await connection.runAndReadAll(sql)).convertRows(toQueryValue) as (number | string | null)[][];
  const traffic = (await read(trafficSql(table))).map(
    ([minuteMs, exporter, protocol, flows, packets, octets]): TrafficRecord => ({
      minuteMs: minuteMs as number,
      ...(exporter === null ? {} : { exporter: exporter as string }),
      ...(protocol === null ? {} : { protocol: protocol as number }),
      flows: flows as number,
      packets: Number(packets),
      octets: Number(octets),
    }),
  );
  const ofRole = async (role: 'source' | 'destination') =>
    (await read(talkersSql(table, role, talkers))).map(
      ([minuteMs, address, flows, packets, octets]): TalkerRecord => ({
        minuteMs: minuteMs as number,
        role,
        address: address as string,
        flows: flows as number,
        packets: Number(packets),
        octets: Number(octets),
      }),
    );
  return { traffic, talkers: [...(await ofRole('source')), ...(await ofRole('destination'))] };
}
