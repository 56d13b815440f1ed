import { type EventType, eventTypes } from '@flowpact/event';
import type { ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import { JsonReading } from '../json/json-reading.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { type Json, present, presentList } from '../model/message-json.ts';
import { addressOfText } from '../model/network-text.ts';
import { protocolNumbers } from '../model/protocol-names.ts';
import { timeOfText } from '../model/time-text.ts';
import { asText } from '../model/values.ts';
import { categories, roleTags, typeOfCategoryFamily } from './idea-words.ts';
import { additionsKey, idPattern } from './write-idea.ts';

type JsonObject = { readonly [name: string]: Json };

/** One IDEA message. A Source or Target of several addresses becomes as many endpoints. */
export function readIdea(given: Json): ReadDocument {
  const reading = new JsonReading();
  const document = reading.object(given, '');
  if (document === undefined)
    throw new FormatsError('FORMATS_OTHER_FORMAT', 'an IDEA message is a JSON object');
  const format = reading.value(document, 'Format');
  if (format !== 'IDEA0') throw new FormatsError('FORMATS_OTHER_FORMAT', 'the key Format is not "IDEA0"');
  const tree: Json = {
    kind: 'alert',
    id: idOf(document, reading),
    sender: { name: senderOf(document, reading) },
    createdMs: createdOf(document, reading),
    event: eventOf(document, reading),
  };
  const additions =
    reading.field(document, additionsKey, (value) => reading.object(value, additionsKey)) ?? {};
  const paths = Object.keys(additions);
  for (const path of paths) reading.value(additions, path);
  return {
    tree,
    additions: paths.map((path) => ({ path, value: additions[path] })),
    losses: reading.losses(),
  };
}

function idOf(document: JsonObject, reading: JsonReading): string {
  const text = reading.field(document, 'ID', textOf) ?? '';
  const id = messageIdOf(idPattern.exec(text)?.[1] ?? text);
  if (id.isMade) reading.lose('ID', 'approximated', 'not a number: the id is made from it');
  return id.id;
}

/** The last node is nearest to the origin (IDEA: "Node" lists detectors and intermediaries). */
function senderOf(document: JsonObject, reading: JsonReading): string {
  const nodes = reading.items(document, 'Node', (value) => reading.object(value, 'Node[]'));
  const node = nodes.at(-1);
  if (node === undefined) return 'unknown';
  reading.value(node, 'Type');
  reading.value(node, 'SW');
  return reading.field(node, 'Name', textOf) || 'unknown';
}

function createdOf(document: JsonObject, reading: JsonReading): number {
  const detected = reading.field(document, 'DetectTime', timeOf);
  const created = reading.field(document, 'CreateTime', timeOf) ?? detected;
  if (created === undefined) throw new FormatsError('FORMATS_MISSING', 'the IDEA message says no DetectTime');
  return created;
}

function eventOf(document: JsonObject, reading: JsonReading): Json {
  const side = (key: 'Source' | 'Target') =>
    presentList(
      reading
        .items(document, key, (value) => reading.object(value, key))
        .flatMap((object) => endpointsOf(object, key, reading)),
    );
  const totals = present({
    flows: reading.field(document, 'FlowCount', countOf),
    packets: reading.field(document, 'PacketCount', countOf),
    octets: reading.field(document, 'ByteCount', countOf),
  });
  return {
    ...present({
      startMs: reading.field(document, 'EventTime', timeOf),
      endMs: reading.field(document, 'CeaseTime', timeOf),
      confidence: reading.field(document, 'Confidence', (value) =>
        typeof value === 'number' && value >= 0 && value <= 1 ? Math.abs(Math.round(value * 100)) : undefined,
      ),
      sources: side('Source'),
      targets: side('Target'),
      totals,
      text: reading.field(document, 'Description', textOf),
    }),
    ...typeOf(reading.items(document, 'Category', textOf), reading),
  };
}

/** The first category that has a type; all of them as classifications where that type does not say them. */
function typeOf(
  words: readonly string[],
  reading: JsonReading,
): { readonly type: EventType; readonly classifications?: Json } {
  const exact = (word: string) =>
    eventTypes.find((type) => categories[type].toLowerCase() === word.toLowerCase());
  const near = (word: string) => {
    const family = word.split('.')[0].toLowerCase();
    return Object.hasOwn(typeOfCategoryFamily, family) ? typeOfCategoryFamily[family] : undefined;
  };
  const type = words.map(exact).find((found) => found) ?? words.map(near).find((found) => found) ?? 'other';
  if (words.length === 1 && exact(words[0]) === type) return { type };
  if (words.length === 0) return { type };
  reading.lose('Category', 'approximated', `the type is ${type}; the words are in event.classifications`);
  return { type, classifications: words.map((value) => ({ scheme: 'idea', value })) };
}

function endpointsOf(object: JsonObject, key: string, reading: JsonReading): readonly Json[] {
  const networkOf = (value: Json) => {
    const network = typeof value === 'string' ? addressOfText(value) : {};
    return network.address === undefined ? undefined : { ...network };
  };
  const networks = [...reading.items(object, 'IP4', networkOf), ...reading.items(object, 'IP6', networkOf)];
  const [protocol, ...moreProtocols] = reading.items(object, 'Proto', (value) =>
    typeof value === 'string' ? protocolNumbers.get(value.toLowerCase()) : undefined,
  );
  const [name, ...moreNames] = reading.items(object, 'Hostname', textOf);
  const [asn, ...moreNumbers] = reading.items(object, 'ASN', (value) => whole(value, 0xffffffff));
  const [tag, ...moreTags] = reading.items(object, 'Type', textOf);
  for (const [field, more] of Object.entries({
    Proto: moreProtocols,
    Hostname: moreNames,
    ASN: moreNumbers,
    Type: moreTags,
  })) {
    if (more.length > 0)
      reading.lose(
        `${key}.${field}`,
        'approximated',
        `only the first is read, not ${more.join(', ').slice(0, 60)}`,
      );
  }
  const common = present({
    protocol,
    ports: presentList(
      reading.items(object, 'Port', (value) => whole(value, 65535)).map((low): Json => ({ low })),
    ),
    name,
    asn,
    role: tag === undefined ? undefined : ([...roleTags].find(([, word]) => word === tag)?.[0] ?? tag),
    spoofed: reading.field(object, 'Spoofed', (value) => (typeof value === 'boolean' ? value : undefined)),
  });
  if (networks.length === 0) return [common ?? {}];
  return networks.map((network): Json => ({ ...common, ...present(network) }));
}

function whole(value: Json, max: number): number | undefined {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
  return isWhole ? Math.abs(value) : undefined;
}

const countOf = (value: Json) => whole(value, Number.MAX_SAFE_INTEGER);
const textOf = (value: Json) => (typeof value === 'string' ? asText(value) : undefined);
const timeOf = (value: Json) => (typeof value === 'string' ? timeOfText(value) : undefined);
