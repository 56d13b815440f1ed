import { isIPv6 } from 'node:net';
import type { FlowGroup, FlowRow, FlowTable, FlowValue } from '@flowpact/event';
import { flowValueJson } from '../model/flow-value-json.ts';
import type { Json } from '../model/message-json.ts';
import { addressOfOctets } from '../model/network-text.ts';
import { hasTimeText } from '../model/time-text.ts';
import { type TrafficPlaces, trafficPlaces } from './stix-columns.ts';
import { extensionId } from './stix-definitions.ts';
import { observableId } from './stix-id.ts';
import { protocolList, type StixObservables } from './stix-observables.ts';
import { stixTime } from './stix-time.ts';

/** A group of flows as STIX says it: one `network-traffic` for each row. */
export interface StixFlowGroup {
  readonly columns: readonly string[];
  readonly relation: string | undefined;
  readonly trafficIds: readonly string[];
}

/** Those groups whose rows all have an address: `network-traffic` must have a source or a destination. */
export function flowGroups(
  flows: FlowTable | undefined,
  observables: StixObservables,
): readonly StixFlowGroup[] {
  return (flows?.groups ?? []).flatMap((group) => {
    const { columns } = group.layout ?? (flows as FlowTable).layout;
    const places = trafficPlaces(columns);
    if (group.rows.length === 0 || !group.rows.every((row) => hasAddress(row, places))) return [];
    return [groupTraffic(group, places, observables)];
  });
}

function groupTraffic(
  { rows, relation }: FlowGroup,
  places: TrafficPlaces,
  observables: StixObservables,
): StixFlowGroup {
  const repeats = new Map<string, number>();
  const trafficIds = rows.map((row) => {
    const { values, ...properties } = trafficOf(row, places, observables);
    const plain = { ...properties, extensions: extensionsOf(values, undefined) };
    const id = observableId('network-traffic', plain);
    if (!observables.has(id)) return observables.add('network-traffic', plain);
    // Counters do not make the identifier: another flow between the same ports needs something that does.
    let repeat = repeats.get(id) ?? 1;
    let extensions: Json | undefined;
    do extensions = extensionsOf(values, repeat++);
    while (observables.has(observableId('network-traffic', { ...properties, extensions })));
    repeats.set(id, repeat);
    return observables.add('network-traffic', { ...properties, extensions });
  });
  return { columns: places.words, relation, trafficIds };
}

interface RowExtension {
  readonly values: readonly Json[];
  readonly rowLength: number | undefined;
}

function extensionsOf({ values, rowLength }: RowExtension, repeat: number | undefined): Json | undefined {
  if (values.length === 0 && rowLength === undefined && repeat === undefined) return undefined;
  return {
    [extensionId]: {
      extension_type: 'property-extension',
      ...(repeat === undefined ? {} : { repeat }),
      ...(rowLength === undefined ? {} : { row_length: rowLength }),
      ...(values.length === 0 ? {} : { values }),
    },
  };
}

function hasAddress(row: FlowRow, places: TrafficPlaces): boolean {
  return (
    addressAt(row, places.source4, places.source6) !== undefined ||
    addressAt(row, places.target4, places.target6) !== undefined
  );
}

function addressAt(row: FlowRow, ipv4: number, ipv6: number): { text: string; place: number } | undefined {
  for (const place of [ipv4, ipv6]) {
    const text = addressOfOctets(row[place]);
    if (text !== undefined && isIPv6(text) === (place === ipv6)) return { text, place };
  }
  return undefined;
}

function trafficOf(row: FlowRow, places: TrafficPlaces, observables: StixObservables) {
  const said = new Set<number>();
  const number = (place: number, max: number): number | undefined => {
    const value = row[place];
    if (!isCount(value) || value > max) return undefined;
    said.add(place);
    return value;
  };
  const reference = (ipv4: number, ipv6: number): string | undefined => {
    const found = addressAt(row, ipv4, ipv6);
    if (found === undefined) return undefined;
    said.add(found.place);
    return observables.addAddress(found.text);
  };
  const source = reference(places.source4, places.source6);
  const target = reference(places.target4, places.target6);
  const protocol = row[places.protocol];
  const protocols = protocolList((source ?? target) as string, isCount(protocol) ? protocol : undefined);
  if (protocols.length > 1) said.add(places.protocol);
  const startMs = msAt(row, places.start, places.startUnitMs);
  const endMs = msAt(row, places.end, places.endUnitMs);
  const hasEnd = endMs !== undefined && !(startMs !== undefined && endMs < startMs);
  if (startMs !== undefined) said.add(places.start);
  if (hasEnd) said.add(places.end);
  return {
    start: startMs === undefined ? undefined : stixTime(startMs),
    end: hasEnd ? stixTime(endMs) : undefined,
    src_ref: source,
    dst_ref: target,
    src_port: number(places.sourcePort, 65535),
    dst_port: number(places.targetPort, 65535),
    protocols,
    src_byte_count: number(places.octets, Number.MAX_SAFE_INTEGER),
    src_packets: number(places.packets, Number.MAX_SAFE_INTEGER),
    ...remaining(row, places, said),
  };
}

/** What has no property of its own: integers and texts in `ipfix`, the rest in our extension. */
function remaining(
  row: FlowRow,
  { keys, words }: TrafficPlaces,
  said: ReadonlySet<number>,
): { readonly ipfix: Json | undefined; readonly values: RowExtension } {
  const ipfix: Record<string, Json> = {};
  const values: Json[] = [];
  for (const [i, word] of words.entries()) {
    const value = row[i];
    if (value === undefined || value === null || said.has(i)) continue;
    const key = keys[i];
    if (key !== undefined && (typeof value === 'string' || isInteger(value))) ipfix[key] = value;
    else values.push({ column: word, json: JSON.stringify(flowValueJson(value)) });
  }
  return {
    ipfix: Object.keys(ipfix).length === 0 ? undefined : ipfix,
    values: { values, rowLength: row.length < words.length ? row.length : undefined },
  };
}

function msAt(row: FlowRow, place: number, unitMs: number): number | undefined {
  const value = row[place];
  return isInteger(value) && hasTimeText(value * unitMs) ? value * unitMs : undefined;
}

function isInteger(value: FlowValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0);
}

function isCount(value: FlowValue | undefined): value is number {
  return isInteger(value) && value >= 0;
}
