import {
  addressToOctets,
  type Endpoint,
  type EventType,
  eventTypes,
  type FlowColumn,
  type FlowLayout,
  type FlowRow,
  type FlowTable,
  type FlowValue,
  type Message,
  octetsToAddress,
} from '@flowpact/event';
import { decodeEach } from '../decode-each.ts';
import type { Decoded, Format, Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import {
  defaultFormatsLimits,
  type FormatsLimits,
  ownDocumentLimits,
  resolveFormatsLimits,
} from '../formats-limits.ts';
import { columnIndex, defaultColumnIds } from '../model/flow-columns.ts';
import { boundedLosses, lossesBetween } from '../model/loss-report.ts';
import { isList, type Json, messageToTree } from '../model/message-json.ts';
import { asAddress, asText } from '../model/values.ts';
import { furtherEvent, jsonDocumentsOf, jsonObjectOf } from './json-documents.ts';

const title = 'the plain JSON security event';

/** The keys of the format, in their order in the FLEX slides. */
interface PlainEvent {
  dstIP?: string;
  flags?: number;
  proto?: number;
  srcIP?: string;
  aType: EventType;
  dstPort?: number;
  srcPort?: number;
  relatedFlows?: readonly Json[];
}

const keys: ReadonlySet<string> = new Set<keyof PlainEvent>([
  'dstIP',
  'flags',
  'proto',
  'srcIP',
  'aType',
  'dstPort',
  'srcPort',
  'relatedFlows',
]);

/** Eight keys and no place for more: whatever else a message says is lost, and named. */
export const jsonFormat: Format = {
  name: 'json',
  title: 'Plain JSON security event',
  mediaType: 'application/json',
  fileExtension: '.json',

  encode(message) {
    const bytes = new TextEncoder().encode(`${JSON.stringify(plainEventOf(message))}\n`);
    const readBack = readFirst(bytes, ownDocumentLimits).message;
    return {
      bytes,
      losses: lossesBetween(messageToTree(message), messageToTree(readBack), title),
      additional: [],
    };
  },

  decode: (bytes, limits) => readFirst(bytes, resolveFormatsLimits(limits)),

  decodeAll(bytes, limits) {
    const resolved = resolveFormatsLimits(limits);
    const documents = jsonDocumentsOf(bytes, resolved);
    return decodeEach(
      documents.map(
        ({ value }) =>
          () =>
            read(value(), resolved),
      ),
      resolved,
    );
  },

  recognises(bytes) {
    const event = jsonObjectOf(bytes, defaultFormatsLimits);
    return event !== undefined && (Object.hasOwn(event, 'aType') || Object.hasOwn(event, 'relatedFlows'));
  },
};

function plainEventOf({ event }: Message): PlainEvent {
  const { flows } = event;
  const source = event.sources?.[0];
  const target = event.targets?.[0];
  const layout = flows?.layout ?? { columns: [] };
  const fromTrigger = (id: number) => flows?.trigger?.[columnIndex(layout.columns, id)];
  return {
    dstIP: target?.address ?? addressText(fromTrigger(12) ?? fromTrigger(28)),
    flags: numberOf(event.additional?.find(({ name }) => name === flagsName)?.value ?? fromTrigger(6), 65535),
    proto: source?.protocol ?? target?.protocol ?? numberOf(fromTrigger(4), 255),
    srcIP: source?.address ?? addressText(fromTrigger(8) ?? fromTrigger(27)),
    aType: event.type,
    dstPort: target?.ports?.[0]?.low ?? numberOf(fromTrigger(11), 65535),
    srcPort: source?.ports?.[0]?.low ?? numberOf(fromTrigger(7), 65535),
    relatedFlows: flows?.groups.flatMap((group) =>
      group.rows.map((row) => plainRow(row, group.layout ?? layout)),
    ),
  };
}

/** Flags have no place of their own in the model. */
const flagsName = 'tcpControlBits';

/** The elements that take a column's place where the flow is one of IPv6. */
const ipv6Instead: ReadonlyMap<number, number> = new Map([
  [8, 27],
  [12, 28],
]);

function plainRow(row: FlowRow, { columns }: FlowLayout): Json {
  const at = (id: number | undefined) => (id === undefined ? undefined : row[columnIndex(columns, id)]);
  return defaultColumnIds.map((id) => plainValue(at(id) ?? at(ipv6Instead.get(id)) ?? null));
}

function plainValue(value: FlowValue): Json {
  if (value instanceof Uint8Array) return octetsToAddress(value) ?? Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return (value as readonly FlowValue[]).map(plainValue);
  return value as Json;
}

function addressText(value: FlowValue | undefined): string | undefined {
  return value instanceof Uint8Array ? octetsToAddress(value) : undefined;
}

function numberOf(value: FlowValue | undefined, max: number): number | undefined {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0);
  return isWhole && value >= 0 && value <= max ? value : undefined;
}

/** Those after the first are lost, and named. */
function readFirst(bytes: Uint8Array, limits: FormatsLimits): Decoded {
  const [first, ...others] = jsonDocumentsOf(bytes, limits);
  const { message, losses } = read(first.value(), limits);
  return { message, losses: boundedLosses([...losses, ...others.map(furtherEvent)], limits.maxLosses) };
}

function read(event: Json, limits: FormatsLimits): Decoded {
  if (typeof event !== 'object' || event === null || isList(event)) {
    throw new FormatsError('FORMATS_OTHER_FORMAT', `${title} is one JSON object`);
  }
  if (!Object.keys(event).some((key) => keys.has(key))) {
    throw new FormatsError('FORMATS_OTHER_FORMAT', `none of ${[...keys].join(', ')} is in the object`);
  }
  const losses: Loss[] = [];
  const lose = (path: string, note: string) => losses.push({ path, effect: 'dropped', note });
  for (const key of Object.keys(event)) if (!keys.has(key)) lose(key, 'not a key of this format');

  const number = (key: keyof PlainEvent, max: number): number | undefined => {
    const value = event[key];
    if (value === undefined || value === null) return undefined;
    const result = typeof value === 'string' && /^[0-9]{1,5}$/.test(value) ? Number(value) : value;
    if (typeof result === 'number' && Number.isInteger(result) && result >= 0 && result <= max) return result;
    lose(key, `not a whole number from 0 to ${max}`);
    return undefined;
  };
  const endpoint = (
    addressKey: 'srcIP' | 'dstIP',
    portKey: 'srcPort' | 'dstPort',
  ): readonly Endpoint[] | undefined => {
    const text = event[addressKey];
    const address = asAddress(text);
    if (text !== undefined && text !== null && address === undefined) lose(addressKey, 'not an IP address');
    const port = number(portKey, 65535);
    if (address === undefined && port === undefined) return undefined;
    return [
      {
        ...(address === undefined ? {} : { address }),
        ...(port === undefined ? {} : { ports: [{ low: port }] }),
      },
    ];
  };

  const type = eventTypes.find((word) => word.toLowerCase() === String(event.aType).toLowerCase());
  if (type === undefined && event.aType !== undefined) {
    losses.push({
      path: 'aType',
      effect: 'approximated',
      note: `the event is of type other, not ${shownType(event.aType)}`,
    });
  }
  const protocol = number('proto', 255);
  const withProtocol = (endpoints: readonly Endpoint[] | undefined) =>
    protocol === undefined ? endpoints : endpoints?.map((end) => ({ ...end, protocol }));
  const targets = withProtocol(endpoint('dstIP', 'dstPort'));
  const protocolAlone = protocol === undefined || targets !== undefined ? undefined : [{ protocol }];
  const sources = withProtocol(endpoint('srcIP', 'srcPort')) ?? protocolAlone;
  const flags = number('flags', 65535);
  const flows = flowsOf(event.relatedFlows, lose);
  const message: Message = {
    kind: 'alert',
    id: '0',
    sender: { name: 'unknown' },
    createdMs: latestEndMs(flows),
    event: {
      type: type ?? 'other',
      ...(sources === undefined ? {} : { sources }),
      ...(targets === undefined ? {} : { targets }),
      ...(flows === undefined ? {} : { flows }),
      ...(flags === undefined ? {} : { additional: [{ name: flagsName, value: flags }] }),
    },
  };
  return { message, losses: boundedLosses(losses, limits.maxLosses) };
}

function shownType(value: Json): string {
  return JSON.stringify(value).slice(0, 40);
}

function flowsOf(rows: Json | undefined, lose: (path: string, note: string) => void): FlowTable | undefined {
  if (rows === undefined || rows === null) return undefined;
  if (!isList(rows)) {
    lose('relatedFlows', 'not a list of rows');
    return undefined;
  }
  const columns: FlowColumn[] = defaultColumnIds.map((id) => ({ kind: 'iana', id }));
  const read: FlowRow[] = [];
  for (const [i, row] of rows.entries()) {
    if (!isList(row)) {
      lose(`relatedFlows[${i}]`, 'not a row of values');
      continue;
    }
    while (columns.length < row.length && columns.length < maxColumns) {
      columns.push({ kind: 'named', name: `column${columns.length + 1}` });
    }
    if (row.length > maxColumns) lose(`relatedFlows[${i}]`, `only the first ${maxColumns} values are read`);
    read.push(
      row
        .slice(0, maxColumns)
        .map((value, column) =>
          flowValueOf(value, column, () => lose(`relatedFlows[${i}][${column}]`, 'not a value of a flow')),
        ),
    );
  }
  return { layout: { columns }, groups: read.length === 0 ? [] : [{ rows: read }] };
}

/** As many as FLEX decoders accept by default. */
const maxColumns = 4_096;

const addressColumns: ReadonlySet<number> = new Set([
  defaultColumnIds.indexOf(8),
  defaultColumnIds.indexOf(12),
]);

function flowValueOf(value: Json, column: number, lose: () => void, nesting = 0): FlowValue {
  if (isList(value)) {
    if (nesting < 16) return value.map((item) => flowValueOf(item, -1, lose, nesting + 1));
    lose();
    return null;
  }
  if (typeof value === 'object' && value !== null) {
    lose();
    return null;
  }
  if (typeof value !== 'string') return value;
  const address = addressColumns.has(column) ? asAddress(value) : undefined;
  return address === undefined ? asText(value) : addressToOctets(address);
}

/** The format has no time but those of the flows: the end of the latest (`flowEndSeconds`); 1970 without any. */
function latestEndMs(flows: FlowTable | undefined): number {
  const column = defaultColumnIds.indexOf(151);
  let latest = 0;
  for (const { rows } of flows?.groups ?? []) {
    for (const row of rows) {
      const seconds = row[column];
      if (typeof seconds === 'number' && seconds <= 0xffffffff && seconds * 1000 > latest) {
        latest = Math.trunc(seconds * 1000);
      }
    }
  }
  return latest;
}
