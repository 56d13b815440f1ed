import { type IpPrefix, parseIpPrefix } from '@flowpact/event';
import {
  type FlowAspect,
  type FlowReplay,
  ResponseError,
  type TrafficFlow,
  type TrafficMatch,
} from '@flowpact/response';
import { type FlowQueries, type QueryValue, StoreError } from '@flowpact/store';

/** Columns of the archive that flows are put together by. */
const columnsOf: Readonly<Record<FlowAspect, readonly string[]>> = {
  protocol: ['protocolIdentifier'],
  sourcePort: ['sourceTransportPort'],
  destinationPort: ['destinationTransportPort'],
  tcpFlags: ['tcpControlBits'],
  packetLength: ['packetDeltaCount', 'octetDeltaCount'],
};

/** The flows of an archive, put together by the database as far as what is looked at lets; counts times the sampling rate. */
export function createArchiveReplay(
  queries: Pick<FlowQueries, 'topFlows'>,
  { timeoutMs }: { readonly timeoutMs?: number } = {},
): FlowReplay {
  return {
    async *replay({ fromMs, toMs, anyOf, aspects, limit }) {
      if (anyOf.length === 0) return;
      try {
        const { batches } = await queries.topFlows({
          by: ['source', 'destination', ...aspects.flatMap((aspect) => columnsOf[aspect])],
          orderBy: 'octets',
          counts: 'scaled',
          limit,
          maxRows: limit,
          fromMs,
          toMs,
          condition: { sql: anyOf.map(conditionOf).join(' OR '), texts: [] },
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
        });
        for await (const rows of batches) yield rows.flatMap((row) => flowOf(row, aspects) ?? []);
      } catch (cause) {
        if (!(cause instanceof StoreError)) throw cause;
        throw new ResponseError('RESPONSE_REPLAY_FAILED', `the kept flows cannot be read: ${cause.message}`, {
          cause,
        });
      }
    },
  };
}

/** By addresses alone: what flows do not tell, rules are not judged by. Numbers and octets are all that gets into it. */
function conditionOf({ source, destination }: TrafficMatch): string {
  const ends = [
    ...(source === undefined ? [] : [isIn('source', parseIpPrefix(source))]),
    ...(destination === undefined ? [] : [isIn('destination', parseIpPrefix(destination))]),
  ];
  return ends.length === 0 ? 'true' : `(${ends.join(' AND ')})`;
}

function isIn(end: 'source' | 'destination', { octets, length }: IpPrefix): string {
  const last = octets.map((octet, i) => octet | (0xff >> Math.min(8, Math.max(0, length - 8 * i))));
  return octets.length === 4
    ? `${end}IPv4Address BETWEEN ${numberOf(octets)} AND ${numberOf(last)}`
    : `${end}IPv6Address BETWEEN ${blobOf(octets)} AND ${blobOf(last)}`;
}

const numberOf = (octets: Uint8Array): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);
const blobOf = (octets: Uint8Array): string => `unhex('${Buffer.from(octets).toString('hex')}')`;

/** Undefined where a flow has no address. */
function flowOf(row: readonly QueryValue[], aspects: readonly FlowAspect[]): TrafficFlow | undefined {
  const [source, destination, ...values] = row;
  if (typeof source !== 'string' || typeof destination !== 'string') return undefined;
  const [flows, packets, octets] = values.slice(-3).map(Number);
  const known: Partial<Record<Exclude<FlowAspect, 'packetLength'>, number>> = {};
  let at = 0;
  for (const aspect of aspects) {
    const value = values[at];
    if (aspect !== 'packetLength' && typeof value === 'number') known[aspect] = value;
    at += columnsOf[aspect].length;
  }
  return { source, destination, ...known, flows, packets, octets };
}
