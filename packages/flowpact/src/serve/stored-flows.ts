import { compileFilter, IpfixError, parseTop } from '@flowpact/ipfix';
import {
  type FlowColumnDefinition,
  type FlowSelection,
  flowColumns,
  type QueryValue,
  rowsOf,
  type Store,
  StoreError,
} from '@flowpact/store';
import { columnOfName } from '../archive/archive-column.ts';
import { filterToSql } from '../archive/filter-to-sql.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { ApiError } from '../http/api/api-error.ts';
import type { ApiSource } from '../http/api/api-source.ts';
import type { Flow } from '../http/api/schema/flow-schema.ts';
import { flagText } from '../pipeline/flag-text.ts';
import { spanBuckets } from '../watch/span-buckets.ts';

type FlowSource = Pick<ApiSource, 'flows' | 'topFlows' | 'flowTimeLine'>;

interface Condition {
  readonly filter?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

const hourMs = 3_600_000;
/** Columns of a page of flows, by the properties of a Flow. */
const columns = {
  startMs: 'flowStartMilliseconds',
  endMs: 'flowEndMilliseconds',
  source: 'source',
  sourcePort: 'sourceTransportPort',
  destination: 'destination',
  destinationPort: 'destinationTransportPort',
  protocol: 'protocolIdentifier',
  tcpFlags: 'tcpControlBits',
  packets: 'packetDeltaCount',
  octets: 'octetDeltaCount',
} as const;
/** Extra columns that hold an URL, best first. */
const urlColumns = ['HTTPRequestURL', 'httpRequestTarget'];

/**
 * The flows of the archive. Flows are found where they began, and when their file is written.
 * @param extraColumns What the archive keeps beside its usual columns
 */
export function createStoredFlows(
  store: Pick<Store, 'flows' | 'topFlows' | 'timeLine' | 'flowTotals' | 'flowSpan'>,
  extraColumns: () => Promise<readonly FlowColumnDefinition[]>,
): FlowSource {
  const knownColumns = async () => [...flowColumns, ...(await extraColumns())];

  async function selectionOf({ filter = '', fromMs, toMs }: Condition): Promise<FlowSelection> {
    return {
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
      ...(filter.trim() === ''
        ? {}
        : { condition: filterToSql(compileFilter(filter).expression, await knownColumns()) }),
    };
  }

  return {
    flows: ({ cursor, limit, ...asked }) =>
      refusing(async () => {
        const place = cursor === undefined ? undefined : parseCursor(cursor);
        const selection = await selectionOf(asked);
        const url = (await extraColumns()).find(({ name }) => urlColumns.includes(name))?.name;
        const wanted = [...Object.values(columns), ...(url === undefined ? [] : [url])];
        const span = await store.flowSpan();
        const toMs = Math.min(
          ...[selection.toMs, place && place.startMs + 1, span?.toMs].filter((each) => each !== undefined),
        );
        const endMs = Math.max(selection.fromMs ?? 0, span?.fromMs ?? 0);
        if (span === undefined || toMs <= endMs) return { items: [] };
        const offset = place?.skip ?? 0;
        let rows: (readonly QueryValue[])[] = [];
        // The latest hours first: most questions end there, and a month of files is not looked through.
        for (let spanMs = hourMs; ; spanMs *= 8) {
          const fromMs = Math.max(endMs, Math.floor((toMs - spanMs) / hourMs) * hourMs);
          const query = { ...selection, fromMs, toMs, offset, limit: limit + 1, order: 'latest' as const };
          rows = await rowsOf(await store.flows({ ...query, columns: wanted }));
          if (rows.length > limit || fromMs <= endMs) break;
        }
        const items = rows.slice(0, limit).map(flowOfRow);
        const lastMs = items.at(-1)?.startMs;
        if (rows.length <= limit || typeof lastMs !== 'number') return { items };
        const ofLast = items.filter(({ startMs }) => startMs === lastMs).length;
        const skip = ofLast + (place?.startMs === lastMs ? place.skip : 0);
        return { items, next: `${lastMs}.${skip}` };
      }),

    topFlows: ({ by, order, limit, ...asked }) =>
      refusing(async () => {
        const names = parseTop(by).by;
        const selection = await selectionOf(asked);
        const rows = await rowsOf(
          await store.topFlows({ ...selection, by: names.map(columnOfName), orderBy: order, limit }),
        );
        const [[flows, packets, octets]] = await rowsOf(await store.flowTotals(selection));
        return {
          by: names,
          rows: rows.map((row) => {
            const [flowCount, packetCount, octetCount] = row.slice(-3).map(Number);
            const key = row.slice(0, -3).map(keyOf);
            return { key, flows: flowCount, packets: packetCount, octets: octetCount };
          }),
          ...{ flows: Number(flows), packets: Number(packets), octets: Number(octets) },
        };
      }),

    flowTimeLine: ({ buckets, ...asked }) =>
      refusing(async () => {
        const selection = await selectionOf(asked);
        const span = await store.flowSpan();
        const fromMs = selection.fromMs ?? span?.fromMs ?? 0;
        const line = spanBuckets(fromMs, selection.toMs ?? span?.toMs ?? fromMs, buckets, 1000);
        const sums = { flows: line.zeros(), packets: line.zeros(), octets: line.zeros() };
        const rows = await rowsOf(await store.timeLine({ ...selection, bucketMs: line.bucketMs }));
        for (const [startMs, flows, packets, octets] of rows) {
          const at = line.indexOf(Number(startMs));
          if (at === undefined) continue;
          sums.flows[at] = Number(flows);
          sums.packets[at] = Number(packets);
          sums.octets[at] = Number(octets);
        }
        return { startMs: line.startMs, bucketMs: line.bucketMs, ...sums };
      }),
  };
}

/** Where flows are not kept, it is said so. */
export function createNoFlows(): FlowSource {
  const refuse = () => {
    throw new ApiError('API_NOT_KEPT', 'flow records are not kept: set store.flows in the configuration');
  };
  return { flows: refuse, topFlows: refuse, flowTimeLine: refuse };
}

function flowOfRow(row: readonly QueryValue[]): Flow {
  const [startMs, endMs, source, sourcePort, destination, destinationPort, ...rest] = row;
  const [protocol, flags, packets, octets, url = null] = rest;
  const text = (value: QueryValue) => (value === null ? null : String(value));
  const number = (value: QueryValue) => (value === null ? null : Number(value));
  const time = (value: QueryValue) => (value === null ? null : Date.parse(String(value)));
  return {
    ...{ startMs: time(startMs), endMs: time(endMs) },
    ...{ source: text(source), sourcePort: number(sourcePort) },
    ...{ destination: text(destination), destinationPort: number(destinationPort) },
    ...{ protocol: number(protocol), tcpFlags: flags === null ? null : flagText(Number(flags)) },
    ...{ packets: number(packets), octets: number(octets), url: text(url) },
  };
}

function keyOf(value: QueryValue): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

/** What is refused was asked by the client: a filter, a column. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isAsked =
      cause instanceof IpfixError ||
      (cause instanceof FlowpactError && cause.code === 'FLOWPACT_USAGE') ||
      (cause instanceof StoreError && cause.code === 'STORE_QUERY_FAILED');
    if (!isAsked) throw cause;
    throw new ApiError('API_BAD_REQUEST', cause.message, { cause });
  }
}

function parseCursor(cursor: string): { readonly startMs: number; readonly skip: number } {
  const match = /^([0-9]{1,15})\.([0-9]{1,9})$/.exec(cursor);
  if (match === null) throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
  return { startMs: Number(match[1]), skip: Number(match[2]) };
}
