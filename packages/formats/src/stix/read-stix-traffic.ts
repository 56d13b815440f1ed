import { isIPv6 } from 'node:net';
import { addressToOctets, type FlowColumn } from '@flowpact/event';
import { columnOfWord, columnWord } from '../model/flow-columns.ts';
import { isList, type Json, type JsonRecord, present } from '../model/message-json.ts';
import { addressOfText } from '../model/network-text.ts';
import { protocolNumbers } from '../model/protocol-names.ts';
import { timeOfText } from '../model/time-text.ts';
import { asAddress, asText } from '../model/values.ts';
import { wordOfIpfixKey } from './stix-columns.ts';
import { extensionId } from './stix-definitions.ts';
import { isObject, type StixReading } from './stix-reading.ts';

const addressTypes = ['ipv4-addr', 'ipv6-addr'];

/** One side of some traffic, in the model's JSON form; undefined where the bundle does not say what it is. */
export function endpointOf(
  traffic: JsonRecord,
  side: 'src' | 'dst',
  protocol: number | undefined,
  domains: ReadonlyMap<string, JsonRecord>,
  reading: StixReading,
): JsonRecord | undefined {
  const id = reading.value(traffic, `${side}_ref`);
  const port = reading.whole(traffic, `${side}_port`, 65535);
  const object = reading.find(id, ...addressTypes, 'domain-name');
  if (object === undefined) return undefined;
  return present({
    ...hostOf(object, domains, reading),
    protocol,
    ports: port === undefined ? undefined : [{ low: port }],
  });
}

/** Address, prefix, AS and name of an address object or a domain name. */
export function hostOf(
  object: JsonRecord,
  domains: ReadonlyMap<string, JsonRecord>,
  reading: StixReading,
): Record<string, Json | undefined> {
  if (object.type === 'domain-name') {
    reading.value(object, 'resolves_to_refs');
    return { name: reading.text(object, 'value') };
  }
  const network = reading.field(object, 'value', (value) => {
    const read = typeof value === 'string' ? addressOfText(value) : {};
    return read.address === undefined ? undefined : read;
  });
  const domain = domains.get(String(object.id));
  const [system] = reading.findAll(reading.texts(object, 'belongs_to_refs'), 'autonomous-system');
  return {
    ...network,
    name: domain && hostOf(reading.visit(domain), domains, reading).name,
    asn: system && reading.whole(system, 'number', 0xffffffff),
  };
}

/** The transport protocol: what follows the network layer, or stands alone and is none. */
export function protocolOf(traffic: JsonRecord, reading: StixReading): number | undefined {
  const words = reading.texts(traffic, 'protocols').map((word) => word.toLowerCase());
  const isNetworkLayer = /^(ethernet|ip|ipv4|ipv6)$/;
  const inner = isNetworkLayer.test(words[0] ?? '') ? words.slice(1) : words;
  const protocol = protocolNumbers.get(inner[0] ?? '');
  const rest = protocol === undefined ? inner : inner.slice(1);
  if (rest.length > 0) {
    reading.lose('network-traffic.protocols', 'dropped', `not read: ${rest.join(', ').slice(0, 60)}`);
  }
  return protocol;
}

/** As many as FLEX decoders accept by default. */
const maxColumns = 4_096;

/** The columns that our extension lists; undefined for anything else. */
export function columnsOf(value: Json): readonly FlowColumn[] | undefined {
  if (!isList(value) || value.length > maxColumns) return undefined;
  const columns = value.map((word) => (typeof word === 'string' ? columnOfWord(asText(word)) : undefined));
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

/** Rows in the order of the columns. */
export function rowsOf(
  traffic: readonly JsonRecord[],
  columns: readonly FlowColumn[],
  reading: StixReading,
): readonly Json[] {
  const places = new Map(columns.map((column, i) => [columnWord(column), i]));
  return traffic.map((object) => {
    const extension = reading.extension(object, extensionId);
    if (extension !== undefined) reading.value(extension, 'repeat');
    const length = extension && reading.whole(extension, 'row_length', columns.length);
    const row = new Array<Json>(length ?? columns.length).fill(null);
    for (const [word, value] of valuesOf(object, places, extension, reading)) {
      const place = places.get(word);
      if (place !== undefined && place < row.length) row[place] = value;
      else reading.lose('network-traffic', 'dropped', `${word.slice(0, 60)} is no column`);
    }
    return row;
  });
}

/** All values of one flow, each with the word for its column. */
export function valuesOf(
  traffic: JsonRecord,
  places: ReadonlyMap<string, number> | undefined,
  extension: JsonRecord | undefined,
  reading: StixReading,
): readonly (readonly [string, Json])[] {
  const values: (readonly [string, Json])[] = [];
  const set = (word: string, value: Json | undefined) => {
    if (value !== undefined) values.push([word, value]);
  };
  const time = (key: 'start' | 'end', ms: string, seconds: string) => {
    const value = reading.field(traffic, key, (text) =>
      typeof text === 'string' ? timeOfText(text) : undefined,
    );
    if (value === undefined) return;
    const isInSeconds = places?.has(ms) === false && places.has(seconds);
    set(isInSeconds ? seconds : ms, isInSeconds ? Math.trunc(value / 1000) : value);
  };
  time('start', 'flowStartMilliseconds', 'flowStartSeconds');
  time('end', 'flowEndMilliseconds', 'flowEndSeconds');
  for (const side of ['src', 'dst'] as const) {
    const object = reading.find(reading.value(traffic, `${side}_ref`), ...addressTypes);
    const name = side === 'src' ? 'source' : 'destination';
    const address = object && asAddress(reading.value(object, 'value'));
    if (address !== undefined) {
      const octets = { $octets: Buffer.from(addressToOctets(address)).toString('hex') };
      set(`${name}${isIPv6(address) ? 'IPv6' : 'IPv4'}Address`, octets);
    }
    set(`${name}TransportPort`, reading.whole(traffic, `${side}_port`, 65535));
  }
  set('protocolIdentifier', protocolOf(traffic, reading));
  const count = (key: string) => reading.whole(traffic, key, Number.MAX_SAFE_INTEGER);
  set('octetDeltaCount', count('src_byte_count'));
  set('packetDeltaCount', count('src_packets'));
  // The reverse direction (RFC 5103).
  set('enterprise:29305:1', count('dst_byte_count'));
  set('enterprise:29305:2', count('dst_packets'));
  const ipfix = reading.value(traffic, 'ipfix');
  for (const [key, value] of isObject(ipfix ?? null) ? Object.entries(ipfix as JsonRecord) : []) {
    const isValue = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (isValue) set(asText(wordOfIpfixKey(key)), typeof value === 'string' ? asText(value) : value);
    else reading.lose(`network-traffic.ipfix.${key.slice(0, 60)}`, 'dropped', 'neither a number nor a text');
  }
  return [...values, ...(extension === undefined ? [] : extensionValues(extension, reading))];
}

function extensionValues(extension: JsonRecord, reading: StixReading): readonly (readonly [string, Json])[] {
  return reading.namedJson(extension, 'values', 'column').map(({ name, value }) => [name, value] as const);
}
