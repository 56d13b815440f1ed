import type { Message, Tlp } from '@flowpact/event';
import { stringify } from 'yaml';
import { type Attachment, attachmentsOf } from '../mail/attachment.ts';
import { isDomain } from '../mail/mail-address.ts';
import { mailSenderOf, reportHeader } from '../mail/mail-origin.ts';
import { oneLine, textContent } from '../mail/mail-text.ts';
import { reportText, subjectOf } from '../mail/report-text.ts';
import { transferEncodingOf } from '../mail/transfer-encoding.ts';
import { type MailNode, writeMail } from '../mail/write-mail.ts';
import type { Addition } from '../model/addition.ts';
import { asciiJson } from '../model/ascii-json.ts';
import { flowCsv } from '../model/flow-csv.ts';
import { timeText } from '../model/time-text.ts';
import { isReportField, reportId } from './report-fields.ts';
import { serviceNameOf } from './service-names.ts';
import { schemaOf, schemaOfWord, type XarfSchema } from './xarf-schema.ts';
import {
  additionsKey,
  addressType,
  flowsFile,
  noAddress,
  ownUserAgent,
  summaryFile,
  type XarfVersion,
} from './xarf-words.ts';

/** One report: `multipart/mixed` of a text for people, `report.txt` in YAML, and evidence; of seven bits where it will be signed. */
export function writeXarf(
  message: Message,
  additions: readonly Addition[],
  version: XarfVersion,
  onlySevenBit = false,
): Uint8Array {
  const text = reportText(message);
  const schema = schemaOfMessage(message);
  const evidence = evidenceOf(message);
  const needed: readonly Attachment[] =
    evidence.length === 0 && schema.required.includes('Attachment')
      ? [{ mediaType: 'text/plain', charset: 'utf-8', fileName: summaryFile, content: textContent(text) }]
      : evidence;
  const report = reportYaml(message, additions, schema, version, needed);
  const parts: MailNode[] = [
    { kind: 'leaf', mediaType: 'text/plain', charset: 'utf-8', content: textContent(text) },
    {
      kind: 'leaf',
      mediaType: 'text/plain',
      charset: 'utf-8',
      fileName: 'report.txt',
      disposition: 'attachment',
      content: textContent(report),
    },
    ...needed.map((attachment) => evidenceNode(attachment, onlySevenBit)),
  ];
  const mark = version === '0.1' ? { 'X-ARF': 'YES' } : { 'X-XARF': 'PLAIN' };
  return writeMail(
    { ...reportHeader(message, subjectOf(message)), ...mark },
    { kind: 'multipart', subtype: 'mixed', parts },
  );
}

/** A mail of eight bits cannot be encoded as what it is (RFC 2046, section 5.2.1). */
function evidenceNode(attachment: Attachment, onlySevenBit: boolean): MailNode {
  const encoding = transferEncodingOf(attachment.content, attachment.mediaType);
  const isOther = onlySevenBit && (encoding === '8bit' || encoding === 'binary');
  const mediaType = isOther ? 'application/octet-stream' : attachment.mediaType;
  return { kind: 'leaf', disposition: 'attachment', ...attachment, mediaType };
}

function schemaOfMessage({ event }: Message): XarfSchema {
  const word = event.classifications?.find(({ scheme }) => scheme === 'xarf')?.value;
  return schemaOfWord(word) ?? schemaOf(event.type);
}

function evidenceOf(message: Message): readonly Attachment[] {
  const csv = flowCsv(message.event.flows);
  const attachments = attachmentsOf(message);
  if (csv === undefined) return attachments;
  // The schemas know text/plain, not text/csv.
  const content = new TextEncoder().encode(csv);
  return [{ mediaType: 'text/plain', charset: 'utf-8', fileName: flowsFile, content }, ...attachments];
}

function reportYaml(
  message: Message,
  additions: readonly Addition[],
  schema: XarfSchema,
  version: XarfVersion,
  evidence: readonly Attachment[],
): string {
  const { event, sender, createdMs, id } = message;
  const { address, domain } = mailSenderOf(sender);
  const [source, target] = [event.sources?.[0], event.targets?.[0]];
  const port = singlePort(target?.ports?.[0]);
  const properties = new Map<string, unknown>();
  for (const property of event.additional ?? []) {
    if (isReportField(property) && !properties.has(property.name))
      properties.set(property.name, property.value);
  }
  const needs = (key: XarfSchema['required'][number]) => schema.required.includes(key);
  const report = {
    'Reported-From': address,
    'Report-ID': reportId(id, domain),
    Category: schema.category,
    'Report-Type': schema.reportType,
    'User-Agent': userAgent(message),
    Date: timeText(event.startMs ?? createdMs),
    Source: source?.address ?? noAddress,
    'Source-Type': addressType(source?.address ?? noAddress),
    'Source-Port': singlePort(source?.ports?.[0]),
    Domain: domainOf(source?.name),
    Service: properties.has('Service') || !needs('Service') ? undefined : serviceNameOf(port),
    [schema.portKey]: port ?? (needs('Port') ? 0 : undefined),
    Destination: target?.address,
    'Destination-Type': target?.address && addressType(target.address),
    'Destination-Domain': domainOf(target?.name),
    'Bot-Name': properties.has('Bot-Name') || !needs('Bot-Name') ? undefined : 'unknown',
    ...Object.fromEntries(properties),
    TLP: event.tlp && tlpWords[event.tlp],
    Attachment: attachmentWord(evidence),
    'Schema-URL': schema.url,
    Version: Number(version),
    [additionsKey]: additions.length === 0 ? undefined : additionsText(additions),
  };
  const given = Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
  return `---\n${stringify(given, { version: '1.2', schema: 'core', lineWidth: 0 })}`;
}

/** A JSON object, a field of the model on each line. */
function additionsText(additions: readonly Addition[]): string {
  return `{${additions.map(({ path, value }) => `${asciiJson(path)}: ${asciiJson(value)}`).join(',\n ')}}\n`;
}

function userAgent({ event: { detector } }: Message): string {
  if (detector === undefined) return ownUserAgent;
  const { name, version } = detector;
  return oneLine(version === undefined ? name : `${name}/${version}`) || ownUserAgent;
}

function singlePort(range: { readonly low: number; readonly high?: number | undefined } | undefined) {
  return range?.high === undefined ? range?.low : undefined;
}

function domainOf(name: string | undefined): string | undefined {
  return name !== undefined && isDomain(name) ? name : undefined;
}

/** The label of TLP 1 (Trusted Introducer) that the schemas know. */
const tlpWords: Readonly<Record<Tlp, string>> = {
  clear: 'white',
  green: 'green',
  amber: 'amber',
  amberStrict: 'amber',
  red: 'red',
};

/** What all schemas that have the key take. */
function attachmentWord([first]: readonly Attachment[]): string {
  return first === undefined ? 'none' : 'text/plain';
}
