import {
  compileFilter,
  createObjectReader,
  createTopStatistics,
  type FieldSelection,
  findElementsByName,
  IpfixError,
  parseTop,
  type RecordReader,
} from '@flowpact/ipfix';
import { ApiError } from '../http/api/api-error.ts';
import type {
  Flow,
  FlowQuery,
  TimeLine,
  TimeLineQuery,
  Top,
  TopQuery,
} from '../http/api/schema/flow-schema.ts';
import type { Page } from '../http/api/schema/paging.ts';
import type { FlowMemory } from './flow-memory.ts';
import { spanBuckets } from './span-buckets.ts';

interface FlowCondition {
  readonly filter?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

const iana = (...ids: number[]) => ids.map((id) => ({ pen: 0, id }));
const endMs: FieldSelection = { name: 'endMs', elements: iana(153, 151), as: 'number' };
const packets: FieldSelection = { name: 'packets', elements: iana(2, 86), as: 'number' };
const octets: FieldSelection = { name: 'octets', elements: iana(1, 85), as: 'number' };

/** What a page of flows shows, by the properties of a Flow. */
const flowFields: readonly FieldSelection[] = [
  { name: 'startMs', elements: iana(152, 150), as: 'number' },
  endMs,
  { name: 'source', elements: iana(8, 27), as: 'text' },
  { name: 'sourcePort', elements: iana(7), as: 'number' },
  { name: 'destination', elements: iana(12, 28), as: 'text' },
  { name: 'destinationPort', elements: iana(11), as: 'number' },
  { name: 'protocol', elements: iana(4), as: 'number' },
  { name: 'tcpFlags', elements: iana(6), as: 'text' },
  packets,
  octets,
  { name: 'url', elements: [...findElementsByName('HTTPRequestURL'), ...iana(461)], as: 'text' },
];

/** Searches the flows kept in memory. Every filter that does not compile is an ApiError with its place. */
export function createFlowQueries(memory: FlowMemory) {
  return {
    page({ cursor, limit, ...condition }: FlowQuery): Page<Flow> {
      const from = cursor === undefined ? { set: memory.sets - 1, skip: 0 } : parseCursor(cursor);
      const items: Flow[] = [];
      let next: string | undefined;
      let ofSet: Flow[] = [];
      const reader = createObjectReader(
        { fields: flowFields },
        { onRecord: (record) => ofSet.push(record as Flow) },
      );
      memory.readBack(
        filtered(reader, condition),
        (set) => {
          const found = ofSet.reverse().slice(set === from.set ? from.skip : 0);
          ofSet = [];
          const taken = found.slice(0, limit - items.length);
          // Out of the class that the reader makes them of: plain objects are what an answer consists of.
          items.push(...taken.map((flow) => ({ ...flow })));
          if (items.length < limit) return true;
          const skipped = (set === from.set ? from.skip : 0) + taken.length;
          next = taken.length < found.length ? `${set}.${skipped}` : `${set - 1}.0`;
          return false;
        },
        from.set,
      );
      return { items, ...(next === undefined ? {} : { next }) };
    },

    top({ by, order, limit, ...condition }: TopQuery): Top {
      return refusing(() => {
        const names = parseTop(by).by;
        const top = createTopStatistics({ by: names, order, limit });
        memory.readBack(filtered(top.reader, condition), () => true);
        const totals = top.totals();
        return {
          by: names,
          rows: top.rows().map((row) => ({
            key: row.key.map((value) =>
              value === null || typeof value === 'number' ? value : keyText(value),
            ),
            flows: row.flows,
            packets: row.packets,
            octets: row.octets,
          })),
          flows: totals.flows,
          packets: totals.packets,
          octets: totals.octets,
        };
      });
    },

    timeLine({ buckets, ...condition }: TimeLineQuery): TimeLine {
      const seen: { endMs: number; packets: number | null; octets: number | null }[] = [];
      const reader = createObjectReader(
        { fields: [endMs, packets, octets] },
        {
          onRecord(record) {
            const flow = record as { endMs: number | null; packets: number | null; octets: number | null };
            if (flow.endMs !== null) seen.push(flow as (typeof seen)[number]);
          },
        },
      );
      memory.readBack(filtered(reader, condition), () => true);
      const fromMs = condition.fromMs ?? seen.reduce((min, flow) => Math.min(min, flow.endMs), Infinity);
      const toMs = condition.toMs ?? seen.reduce((max, flow) => Math.max(max, flow.endMs + 1), 0);
      const span = spanBuckets(Number.isFinite(fromMs) ? fromMs : 0, toMs, buckets, 1000);
      const line = { flows: span.zeros(), packets: span.zeros(), octets: span.zeros() };
      for (const flow of seen) {
        const at = span.indexOf(flow.endMs);
        if (at === undefined) continue;
        line.flows[at]++;
        line.packets[at] += flow.packets ?? 0;
        line.octets[at] += flow.octets ?? 0;
      }
      return { startMs: span.startMs, bucketMs: span.bucketMs, ...line };
    },
  };
}

function filtered(reader: RecordReader, { filter = '', fromMs, toMs }: FlowCondition): RecordReader {
  return refusing(() => {
    const isAll = filter.trim() === '';
    // By itself first: what is wrong is told at the place where it was written.
    if (!isAll) compileFilter(filter);
    const conditions = [
      ...(isAll ? [] : [`(\n${filter}\n)`]),
      ...(fromMs === undefined ? [] : [`ie flowEndMilliseconds >= ${timeText(fromMs)}`]),
      ...(toMs === undefined ? [] : [`ie flowEndMilliseconds < ${timeText(toMs)}`]),
    ];
    return conditions.length === 0 ? reader : compileFilter(conditions.join(' and ')).reader(reader);
  });
}

function timeText(timeMs: number): string {
  const time = new Date(timeMs);
  if (Number.isNaN(time.getTime())) throw new ApiError('API_BAD_REQUEST', `${timeMs} is no time`);
  return time.toISOString();
}

function keyText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

/** What ipfix refuses was asked by the client. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof IpfixError)) throw cause;
    throw new ApiError('API_BAD_REQUEST', cause.message, { cause });
  }
}

function parseCursor(cursor: string): { readonly set: number; readonly skip: number } {
  const match = /^(-?[0-9]{1,12})\.([0-9]{1,9})$/.exec(cursor);
  if (match === null) throw new ApiError('API_BAD_REQUEST', 'the cursor is not one of this list');
  return { set: Number(match[1]), skip: Number(match[2]) };
}
