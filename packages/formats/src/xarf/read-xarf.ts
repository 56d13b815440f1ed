import type { EventType, Tlp } from '@flowpact/event';
import type { ReadDocument } from '../document-format.ts';
import type { Loss } from '../format.ts';
import { FormatsError } from '../formats-error.ts';
import type { FormatsLimits } from '../formats-limits.ts';
import { parseJsonText } from '../json/parse-json.ts';
import { attachmentProperty } from '../mail/attachment.ts';
import { timeOfMailDate } from '../mail/mail-date.ts';
import { addressOf, originOf, partyOfAddress } from '../mail/mail-origin.ts';
import { leavesOf, type MailPart } from '../mail/mail-part.ts';
import { textOf } from '../mail/mail-text.ts';
import { readMail } from '../mail/read-mail.ts';
import { eventTextOf } from '../mail/report-text.ts';
import { reportedAddress } from '../mail/reported-address.ts';
import type { Addition } from '../model/addition.ts';
import { flowsOfCsv } from '../model/flow-csv.ts';
import { messageIdOf } from '../model/foreign-id.ts';
import { isRecord, type Json, present, presentList } from '../model/message-json.ts';
import { portsOfText } from '../model/network-text.ts';
import { reportOf } from './report-part.ts';
import { ReportReading } from './report-reading.ts';
import { mailWithin, xarfMark } from './secured-mail.ts';
import { serviceNameOf } from './service-names.ts';
import { eventTypeOfReport, schemaOf, schemaOfWord, type XarfSchema } from './xarf-schema.ts';
import { additionsKey, addressType, flowsFile, noAddress, ownUserAgent, summaryFile } from './xarf-words.ts';

/** A report of X-ARF 0.1 or 0.2, PLAIN or within SECURE, in any shape that was seen. */
export function readXarf(bytes: Uint8Array, limits: FormatsLimits): ReadDocument {
  const losses: Loss[] = [];
  const mail = mailWithin(readMail(bytes, limits), limits, losses);
  const leaves = leavesOf(mail);
  const report = reportOf(leaves, limits);
  if (report === undefined) {
    throw new FormatsError('FORMATS_OTHER_FORMAT', 'no part of the mail is an X-ARF report');
  }
  const reading = new ReportReading(report.fields, losses);
  if (!report.isYaml) reading.lose('report.txt', 'approximated', 'not YAML alone: read line by line');
  const additions = reading.take(additionsKey, (text) => additionsOf(text, limits)) ?? [];
  const origin = originOf(mail);
  losses.push(...origin.losses);

  const reportIdText = reading.text('Report-ID');
  const id =
    reportIdText === undefined
      ? undefined
      : messageIdOf(/^(-?[0-9]+)@/.exec(reportIdText)?.[1] ?? reportIdText);
  if (id === undefined) losses.push(...origin.idLosses);
  else if (id.isMade) reading.lose('Report-ID', 'approximated', 'not a number: the id is made from it');
  const reporter = partyOfAddress(reading.take('Reported-From', addressOf));
  const startMs = reading.take('Date', timeOfMailDate);
  const createdMs = origin.createdMs ?? startMs;
  if (createdMs === undefined) reading.lose('Date', 'approximated', 'no date anywhere: 1970');

  const text = leaves.find(
    (leaf) => leaf !== report.part && leaf.mediaType === 'text/plain' && leaf.fileName === undefined,
  );
  const others = leaves.filter((leaf) => leaf !== report.part && leaf !== text && leaf.content.length > 0);
  const flowsPart = others.find(({ fileName }) => fileName === flowsFile);
  const flows = flowsPart && flowsOfCsv(textOf(flowsPart.content, flowsPart.charset), limits);
  const attachments = others.filter(
    (part) =>
      !(part === flowsPart && flows !== undefined) && !(origin.isOwn && part.fileName === summaryFile),
  );
  const tree: Json = {
    kind: 'alert',
    id: id?.id ?? origin.id,
    sender: origin.isOwn ? { ...origin.sender } : { ...origin.sender, ...reporter },
    createdMs: createdMs ?? 0,
    event: eventOf(reading, {
      isOwn: origin.isOwn,
      version: xarfMark(mail)?.version ?? '0.2',
      startMs,
      text: text && eventTextOf(textOf(text.content, text.charset)),
      flows,
      attachments: attachments.map(attachmentProperty),
    }),
  };
  return { tree, additions, losses };
}

function additionsOf(text: string, limits: FormatsLimits): readonly Addition[] | undefined {
  const value = parseJsonText(text, limits);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([path, item]) => ({ path, value: item as Json }));
}

interface Surroundings {
  /** Then what the words of the report do not say of the type is additional data. */
  readonly isOwn: boolean;
  readonly version: '0.1' | '0.2';
  readonly startMs: number | undefined;
  readonly text: string | undefined;
  readonly flows: Json | undefined;
  readonly attachments: readonly Json[];
}

function eventOf(
  reading: ReportReading,
  { isOwn, version, startMs, text, flows, attachments }: Surroundings,
): Json {
  const { type, schema, classifications } = typeOf(reading);
  const sources = sourceOf(reading);
  const { target, port } = targetOf(reading);
  const userAgent = reading.text('User-Agent');
  const properties: Json[] = [];
  const keep = (name: string, value: string | undefined, usual: string | undefined) => {
    if (value !== undefined && value !== usual) properties.push({ name, value });
  };
  keep('Service', reading.text('Service'), serviceNameOf(port));
  keep('Bot-Name', reading.text('Bot-Name'), 'unknown');
  keep('Schema-URL', reading.text('Schema-URL'), schema?.url);
  const versionText = reading.text('Version');
  if (versionText !== undefined && versionText !== version)
    reading.lose('Version', 'approximated', `read like version ${version}, not ${versionText.slice(0, 40)}`);
  reading.text('Attachment');
  const tlp = reading.take('TLP', (word) => tlpOf(word));
  return {
    ...present({
      startMs,
      detector: detectorOf(userAgent),
      classifications: isOwn ? undefined : classifications,
      sources: presentList([sources]),
      targets: presentList([target]),
      tlp,
      text,
      flows,
      additional: presentList([...properties, ...reading.properties(), ...attachments]),
    }),
    type,
  };
}

/** The words where the type does not say them. */
function typeOf(reading: ReportReading): {
  readonly type: EventType;
  readonly schema: XarfSchema | undefined;
  readonly classifications: Json | undefined;
} {
  const category = reading.text('Category')?.toLowerCase() ?? 'abuse';
  const reportType = reading.text('Report-Type')?.toLowerCase() ?? 'unknown';
  const type = eventTypeOfReport(reportType);
  const word = `${category}/${reportType}`;
  const usual = schemaOf(type);
  const isUsual = usual.category === category && usual.reportType === reportType;
  return {
    type,
    schema: schemaOfWord(word),
    classifications: isUsual ? undefined : [{ scheme: 'xarf', value: word }],
  };
}

function sourceOf(reading: ReportReading): Json | undefined {
  const source = reading.text('Source');
  const sourceType = reading.text('Source-Type')?.toLowerCase();
  const host = source === undefined ? undefined : hostOf(source);
  const address = host === undefined ? undefined : reportedAddress(host);
  const isUnnamed = address === noAddress || address === '::';
  if (
    sourceType !== undefined &&
    address !== undefined &&
    !['ip-address', 'ip', addressType(address)].includes(sourceType)
  )
    reading.lose('Source-Type', 'approximated', `${sourceType.slice(0, 40)} is read as an address`);
  if (source !== undefined && host !== source && address !== source)
    reading.lose('Source', 'approximated', `${source.slice(0, 60)} is read as ${host}`);
  return present({
    address: isUnnamed ? undefined : address,
    ports: reading.take('Source-Port', portsOf),
    name: reading.text('Domain') ?? (address === undefined ? host : undefined),
  });
}

/** The host of a URI; other text as it is. */
function hostOf(source: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) return source;
  try {
    return new URL(source).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return source;
  }
}

function targetOf(reading: ReportReading): {
  readonly target: Json | undefined;
  readonly port: number | undefined;
} {
  const destination = reading.text('Destination');
  reading.text('Destination-Type');
  const address = destination === undefined ? undefined : reportedAddress(destination);
  const ports =
    reading.take('Destination-Port', portsOf) ??
    reading.take('Port', portsOf) ??
    reading.take('Ports', portsOf);
  const target = present({
    address,
    ports: ports === none ? undefined : ports,
    name: reading.text('Destination-Domain') ?? (address === undefined ? destination : undefined),
  });
  const first = ports?.[0];
  return {
    target,
    port: isRecord(first) && typeof first.low === 'number' && ports !== none ? first.low : undefined,
  };
}

/** Port 0 stands for none, where a schema demands one. */
const none: readonly Json[] = [];

function portsOf(text: string): readonly Json[] | undefined {
  if (/^0?$|^(unspecified|unknown|none|any|all|-)$/i.test(text)) return none;
  return portsOfText(text);
}

function detectorOf(userAgent: string | undefined): Json | undefined {
  if (userAgent === undefined || userAgent === ownUserAgent) return undefined;
  const [, name, version] = /^([^/\s]+)\/([^/\s]+)$/.exec(userAgent) ?? [];
  return name === undefined ? { name: userAgent } : { name, version };
}

function tlpOf(word: string): Tlp | undefined {
  switch (word.toLowerCase().replace(/^tlp:?/, '')) {
    case 'white':
    case 'clear':
      return 'clear';
    case 'green':
      return 'green';
    case 'amber':
      return 'amber';
    case 'amber+strict':
      return 'amberStrict';
    case 'red':
      return 'red';
    default:
      return undefined;
  }
}

/** Whether a part of the mail is a report. */
export function hasReport(mail: MailPart, limits: FormatsLimits): boolean {
  return reportOf(leavesOf(mail), limits) !== undefined;
}
