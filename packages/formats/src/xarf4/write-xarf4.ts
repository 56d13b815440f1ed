import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Count, Endpoint, Message } from '@flowpact/event';
import { attachmentsOf } from '../mail/attachment.ts';
import { mailSenderOf } from '../mail/mail-origin.ts';
import type { Addition } from '../model/addition.ts';
import { columnIndex } from '../model/flow-columns.ts';
import { flowCsv } from '../model/flow-csv.ts';
import { type Json, type JsonRecord, present, presentList } from '../model/message-json.ts';
import { addressOfOctets } from '../model/network-text.ts';
import { timeText } from '../model/time-text.ts';
import { flowsFile } from '../xarf/xarf-words.ts';
import {
  isReportField,
  maxDescription,
  maxEvidenceBytes,
  maxEvidenceItems,
  maxTags,
  noSource,
  tagPattern,
} from './report-fields.ts';
import { kindOf, protocolWords, threatIntelligence, threatWords } from './xarf4-kind.ts';

export function writeXarf4(message: Message, additions: readonly Addition[]): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(xarf4Report(message, additions))}\n`);
}

/** The version of the specification whose schemas the reports are valid by. */
const version = '4.2.0';

export function xarf4Report(message: Message, additions: readonly Addition[]): JsonRecord {
  const { event, createdMs } = message;
  const target = event.targets?.[0];
  const protocol = protocolOf(message);
  const kind = kindOf(message, protocol);
  const isConnection = kind.category === 'connection';
  const { identifier, port } = sourceOf(message, isConnection);
  const startMs = event.startMs ?? (isConnection ? createdMs : undefined);
  const csv = flowCsv(event.flows);
  const evidence = evidenceOf(message, csv);
  const contact = contactOf(message);
  const properties = new Map<string, Json>();
  for (const property of event.additional ?? []) {
    if (isReportField(property) && !properties.has(property.name))
      properties.set(property.name, property.value as Json);
  }
  const text = event.text;
  return {
    xarf_version: version,
    report_id: reportId(message),
    timestamp: timeText(event.startMs ?? createdMs),
    reporter: contact,
    sender: contact,
    source_identifier: identifier,
    ...present({
      source_port: port,
      category: kind.category,
      type: kind.type,
      threat_type: kind === threatIntelligence ? threatWords[event.type] : undefined,
      evidence_source:
        csv !== undefined && evidence !== undefined && kind.type !== 'spam' ? 'flow_analysis' : undefined,
      destination_ip: target?.address,
      destination_port: singlePort(target),
      protocol: kind.type === 'spam' ? 'other' : protocol,
      first_seen: startMs === undefined ? undefined : timeText(startMs),
      last_seen: event.endMs === undefined ? undefined : timeText(event.endMs),
      peak_pps: positive(event.totals?.packetsPerSecond),
      peak_bps: positive(event.totals?.bitsPerSecond),
      total_packets: positive(event.totals?.packets),
      total_bytes: positive(event.totals?.octets),
      service: kind.type === 'open_service' && !properties.has('service') ? 'unknown' : undefined,
      compromise_evidence:
        kind.type === 'botnet' && !properties.has('compromise_evidence') ? 'flow records' : undefined,
      confidence: event.confidence === undefined ? undefined : event.confidence / 100,
      description:
        text === undefined || [...text].length <= maxDescription
          ? text
          : `${text.slice(0, maxDescription - 3)}...`,
      tags: tagsOf(message),
      evidence,
      ...Object.fromEntries(properties),
      flowpact:
        additions.length === 0
          ? undefined
          : Object.fromEntries(additions.map(({ path, value }) => [path, value])),
    }),
  };
}

/**
 * A UUID as the schema wants it, of version 4: its 122 bits are free, and are made of the sender and the message's
 * number, so that a report that is sent twice is known as one.
 */
function reportId({ sender, id }: Message): string {
  const hex = createHash('sha256').update(`${sender.name}\n${id}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16], 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function contactOf({ sender }: Message): JsonRecord {
  const { address, domain } = mailSenderOf(sender);
  return { org: [...sender.name].slice(0, 200).join(''), contact: address, domain };
}

function protocolOf({ event }: Message): string | undefined {
  const number = event.sources?.[0]?.protocol ?? event.targets?.[0]?.protocol;
  return number === undefined ? undefined : protocolWords.get(number);
}

function singlePort(endpoint: Endpoint | undefined): number | undefined {
  const range = endpoint?.ports?.[0];
  return range?.high === undefined ? range?.low || undefined : undefined;
}

/**
 * The schemas of connections demand a port where the source is an address. One of the flows from there says it; where
 * none does, the source is named as a prefix, which is an identifier too, rather than a port be made up.
 */
function sourceOf(
  message: Message,
  isConnection: boolean,
): { readonly identifier: string; readonly port?: number | undefined } {
  const source = message.event.sources?.[0];
  if (source?.address === undefined)
    return { identifier: source?.name || noSource, port: singlePort(source) };
  const { address, prefixLength } = source;
  if (prefixLength !== undefined)
    return { identifier: `${address}/${prefixLength}`, port: singlePort(source) };
  const port = singlePort(source) ?? (isConnection ? portOfFlows(message, address) : undefined);
  if (port === undefined && isConnection) return { identifier: `${address}/${isIPv6(address) ? 128 : 32}` };
  return { identifier: address, port };
}

function portOfFlows({ event: { flows } }: Message, address: string): number | undefined {
  for (const { rows, layout = flows?.layout } of flows?.groups ?? []) {
    const columns = layout?.columns ?? [];
    const at = columnIndex(columns, isIPv6(address) ? 27 : 8);
    const portAt = columnIndex(columns, 7);
    for (const row of rows) {
      const port = row[portAt];
      if (addressOfOctets(row[at]) === address && isPort(port)) return port;
    }
  }
  return undefined;
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535;
}

function positive(count: Count | undefined): number | undefined {
  return typeof count === 'number' && count >= 1 ? count : undefined;
}

/** The labels of TLP 2.0, the severity, and what others call the event. */
function tagsOf({ event }: Message): readonly string[] | undefined {
  const tags = [
    event.tlp && `tlp:${event.tlp === 'amberStrict' ? 'amber+strict' : event.tlp}`,
    event.severity && `severity:${event.severity}`,
    ...(event.classifications ?? [])
      .filter(({ scheme }) => scheme !== 'tlp' && scheme !== 'severity')
      .map(({ scheme, value }) => `${scheme}:${value}`),
  ];
  return presentList(tags.filter((tag) => tag !== undefined && tagPattern.test(tag)).slice(0, maxTags));
}

function evidenceOf(message: Message, csv: string | undefined): Json | undefined {
  const flows =
    csv === undefined
      ? []
      : [
          {
            mediaType: 'text/csv',
            charset: undefined,
            fileName: flowsFile,
            content: new TextEncoder().encode(csv),
          },
        ];
  const items = [...flows, ...attachmentsOf(message)].filter(
    ({ content }) => content.length <= maxEvidenceBytes,
  );
  return presentList(
    items.slice(0, maxEvidenceItems).map(
      ({ mediaType, charset, fileName, content }): Json => ({
        content_type: charset === undefined ? mediaType : `${mediaType}; charset=${charset}`,
        ...present({ description: fileName }),
        payload: Buffer.from(content).toString('base64'),
        hash: `sha256:${createHash('sha256').update(content).digest('hex')}`,
        size: content.length,
      }),
    ),
  );
}
