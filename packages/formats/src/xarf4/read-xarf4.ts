import { createHash } from 'node:crypto';
import type { ReadDocument } from '../document-format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { JsonReading } from '../json/json-reading.ts';
import { parseJson } from '../json/parse-json.ts';
import { addressOf, partyOfAddress } from '../mail/mail-origin.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { isList, isRecord, type Json, present, presentList } from '../model/message-json.ts';
import { addressOfText } from '../model/network-text.ts';
import { asText } from '../model/values.ts';
import { noSource } from './report-fields.ts';
import { isXarf3, xarf4OfXarf3 } from './xarf3-to-4.ts';
import { evidenceOf } from './xarf4-evidence.ts';
import { eventTypeOf, isUsual, protocolWords } from './xarf4-kind.ts';
import { tagsOf } from './xarf4-tags.ts';
import {
  countOfJson,
  type JsonObject,
  portOfJson,
  textOfJson,
  timeOfJson,
  wholeOfJson,
} from './xarf4-values.ts';

/** One report of XARF 4, its drafts among them. */
export function readXarf4(bytes: Uint8Array, limits: FormatsLimits): ReadDocument {
  return readXarf4Document(parseJson(bytes, limits), bytes, limits);
}

/** The same of its text parsed; the text makes the identifier of a report that has none. */
export function readXarf4Document(document: Json, text: Uint8Array, limits: FormatsLimits): ReadDocument {
  const reading = new JsonReading();
  const isOld = isRecord(document) && isXarf3(document);
  const report = reading.object(isOld ? xarf4OfXarf3(document) : document, '');
  if (isOld) reading.lose('Version', 'approximated', 'a report of XARF 3, read as one of XARF 4');
  if (report === undefined) throw new FormatsError('FORMATS_OTHER_FORMAT', 'a XARF report is a JSON object');
  const version = reading.value(report, 'xarf_version');
  if (typeof version !== 'string' || !/^4(\.|$)/.test(version)) {
    throw new FormatsError('FORMATS_OTHER_FORMAT', 'the key xarf_version is not of version 4');
  }
  reading.value(report, 'legacy_version');
  const timestampMs = reading.field(report, 'timestamp', timeOfJson);
  const properties = new Properties(reading, report);
  const sender = senderOf(reading, properties);
  const event = eventOf(reading, properties, timestampMs, limits);
  if (timestampMs === undefined) reading.lose('timestamp', 'approximated', 'no time: 1970');
  const ours = reading.field(report, 'flowpact', (value) => reading.object(value, 'flowpact')) ?? {};
  const paths = Object.keys(ours);
  for (const path of paths) reading.value(ours, path);
  const id = messageIdOf(
    reading.field(report, 'report_id', textOfJson) ?? createHash('sha256').update(text).digest('hex'),
  );
  if (id.isMade && !paths.includes('id'))
    reading.lose('report_id', 'approximated', 'not a number: the id is made from it');
  const tree: Json = { kind: 'alert', id: id.id, sender, createdMs: timestampMs ?? 0, event };
  return { tree, additions: paths.map((path) => ({ path, value: ours[path] })), losses: reading.losses() };
}

/** What of the report is no field of the model, in its order. */
class Properties {
  readonly #reading: JsonReading;
  readonly #report: JsonObject;
  readonly #kept: Json[] = [];
  readonly #known = new Set<string>(['flowpact', 'report_id']);

  constructor(reading: JsonReading, report: JsonObject) {
    this.#reading = reading;
    this.#report = report;
  }

  /** A field that the model has. */
  field<T>(key: string, read: (value: Json) => T | undefined): T | undefined {
    this.#known.add(key);
    return this.#reading.field(this.#report, key, read);
  }

  items<T>(key: string, read: (value: Json) => T | undefined): readonly T[] {
    this.#known.add(key);
    return this.#reading.items(this.#report, key, read);
  }

  /** A field that it has not, where it says more than `usual`. */
  keep(name: string, value: string | undefined, usual: string | undefined): void {
    if (value !== undefined && value !== usual) this.#kept.push({ name, value });
  }

  all(): readonly Json[] {
    const others = Object.keys(this.#report).filter(
      (key) => !this.#known.has(key) && !ownKeys.has(key.toLowerCase()),
    );
    return [
      ...this.#kept,
      ...others.flatMap((key) => {
        const value = this.#report[key];
        if (value === null || !isValue(value)) return [];
        this.#reading.value(this.#report, key);
        return [{ name: asText(key), value: typeof value === 'string' ? asText(value) : value }];
      }),
    ];
  }
}

/** Those that `readXarf4` reads itself. */
const ownKeys: ReadonlySet<string> = new Set(['xarf_version', 'legacy_version', 'timestamp']);

/** A value of a property: one value, or a list of them. */
function isValue(value: Json, nesting = 0): boolean {
  if (isList(value)) return nesting < 15 && value.every((item) => isValue(item, nesting + 1));
  return typeof value !== 'object' || value === null;
}

function senderOf(reading: JsonReading, properties: Properties): Json {
  const party = (key: 'reporter' | 'sender') => {
    const object = properties.field(key, (value) => reading.object(value, key));
    if (object === undefined) return {};
    const address = reading.field(object, 'contact', (value) => addressOf(textOfJson(value)));
    const domain = reading.field(object, 'domain', textOfJson);
    return { address, domain, org: reading.field(object, 'org', textOfJson) };
  };
  const [reporter, transmitter] = [party('reporter'), party('sender')];
  const { name, contact } = partyOfAddress(reporter.address ?? transmitter.address);
  const domain = reporter.domain ?? transmitter.domain;
  const isNamed = domain !== undefined && domain !== 'flowpact.invalid';
  const own = isNamed ? domain : (reporter.org ?? name);
  properties.keep('reporter_org', reporter.org, own);
  properties.keep('sender_org', transmitter.org, reporter.org ?? own);
  properties.keep('sender_domain', transmitter.domain, domain);
  properties.keep('sender_contact', transmitter.address, reporter.address);
  return { name: own || 'unknown', ...present({ contact }) };
}

function eventOf(
  reading: JsonReading,
  properties: Properties,
  timestampMs: number | undefined,
  limits: FormatsLimits,
): Json {
  const category = properties.field('category', textOfJson) ?? '';
  const word = properties.field('type', textOfJson) ?? '';
  const threatType = properties.field('threat_type', textOfJson);
  const type = eventTypeOf(word, threatType);
  const isSaid = isUsual({ category, type: word }, type, threatType);
  const tags = tagsOf(properties.items('tags', textOfJson), reading);
  const protocol = protocolOf(properties.field('protocol', textOfJson));
  const startMs = properties.field('first_seen', timeOfJson) ?? timestampMs;
  const duration = properties.field('duration_seconds', (value) => wholeOfJson(value, 1e9));
  const endMs =
    properties.field('last_seen', timeOfJson) ??
    (duration === undefined || startMs === undefined ? undefined : startMs + duration * 1000);
  const { flows, attachments } = evidenceOf(
    properties.items('evidence', (value) => reading.object(value, 'evidence[]')),
    reading,
    limits,
  );
  const source = present({
    ...properties.field('source_identifier', identifierOf),
    ports: portsOf(properties.field('source_port', portOfJson)),
  });
  const target = present({
    address: properties.field('destination_ip', (value) => addressOfText(textOfJson(value) ?? '').address),
    ports: portsOf(properties.field('destination_port', portOfJson)),
  });
  const withProtocol = (endpoint: Json | undefined): Json | undefined =>
    endpoint === undefined || protocol.number === undefined
      ? endpoint
      : { ...(endpoint as JsonObject), protocol: protocol.number };
  properties.keep(
    'evidence_source',
    properties.field('evidence_source', textOfJson),
    flows === undefined ? undefined : 'flow_analysis',
  );
  properties.keep('threat_type', isSaid ? undefined : threatType, undefined);
  properties.keep('protocol', protocol.word, word === 'spam' ? 'other' : undefined);
  properties.keep(
    'service',
    properties.field('service', textOfJson),
    word === 'open_service' ? 'unknown' : undefined,
  );
  properties.keep(
    'compromise_evidence',
    properties.field('compromise_evidence', textOfJson),
    word === 'botnet' ? 'flow records' : undefined,
  );
  return {
    ...present({
      startMs,
      endMs,
      classifications: presentList([
        isSaid ? undefined : { scheme: 'xarf4', value: asText(`${category}/${word}`) },
        ...tags.classifications,
      ]),
      severity: tags.severity,
      confidence: properties.field('confidence', (value) =>
        typeof value === 'number' && value >= 0 && value <= 1 ? Math.abs(Math.round(value * 100)) : undefined,
      ),
      sources: presentList([withProtocol(source)]),
      targets: presentList([withProtocol(target)]),
      totals: present({
        packets: properties.field('total_packets', countOfJson),
        octets: properties.field('total_bytes', countOfJson),
        packetsPerSecond: properties.field('peak_pps', countOfJson),
        bitsPerSecond: properties.field('peak_bps', countOfJson),
      }),
      tlp: tags.tlp,
      text: properties.field('description', textOfJson),
      flows,
      additional: presentList([...properties.all(), ...attachments]),
    }),
    type,
  };
}

/** The number where the model has one, else the word. */
function protocolOf(text: string | undefined): { readonly number?: number; readonly word?: string } {
  const number = [...protocolWords].find(([, word]) => word === text?.toLowerCase())?.[0];
  if (number !== undefined) return { number };
  return text === undefined ? {} : { word: text };
}

function identifierOf(
  value: Json,
): { readonly address?: string; readonly prefixLength?: number; readonly name?: string } | undefined {
  const text = textOfJson(value)?.trim();
  if (!text) return undefined;
  if (text === noSource) return {};
  const network = addressOfText(text);
  return network.address === undefined ? { name: text } : network;
}

function portsOf(low: number | undefined): Json | undefined {
  return low === undefined ? undefined : [{ low }];
}
