import { isList, isRecord, type Json, type JsonRecord, present } from '../model/message-json.ts';

/** `ReportType` of version 3, in lower case, and what version 4 calls it. */
const kinds: Readonly<Record<string, readonly [category: string, type: string]>> = {
  spam: ['messaging', 'spam'],
  loginattack: ['connection', 'login_attack'],
  portscan: ['connection', 'port_scan'],
  ddos: ['connection', 'ddos'],
  dos: ['connection', 'ddos'],
  botnet: ['infrastructure', 'botnet'],
  phishing: ['content', 'phishing'],
  malware: ['content', 'malware'],
  openservice: ['vulnerability', 'open_service'],
  copyright: ['copyright', 'copyright'],
};

/** Keys of the report that have another name in version 4. */
const names: Readonly<Record<string, string>> = {
  Date: 'timestamp',
  SourcePort: 'source_port',
  DestinationIp: 'destination_ip',
  DestinationPort: 'destination_port',
  Protocol: 'protocol',
  ReporterCaseID: 'report_id',
  ReporterNotes: 'description',
  AttackDescription: 'description',
  FirstSeen: 'first_seen',
  PacketCount: 'total_packets',
  ByteCount: 'total_bytes',
};

/** Whether it is a report of XARF 3 or earlier, by its outermost keys. */
export function isXarf3(report: Readonly<Record<string, Json>>): boolean {
  return isRecord(report.ReporterInfo) && isRecord(report.Report);
}

/**
 * A report of version 3 (Abusix) in the form of version 4, so that one reader reads both. What it has no name for keeps
 * its own.
 */
export function xarf4OfXarf3(old: JsonRecord): JsonRecord {
  const { ReporterInfo, Report, Version, ...rest } = old;
  const reporter = isRecord(ReporterInfo) ? ReporterInfo : {};
  const report = isRecord(Report) ? Report : {};
  const { ReportType, ReportClass, SourceIp, SourceUrl, Source, Samples, ...others } = report;
  const word = typeof ReportType === 'string' ? ReportType : '';
  const known = kinds[word.toLowerCase().replace(/[^a-z]/g, '')];
  const named = Object.entries(others).map(([name, value]) => [names[name] ?? name, value] as const);
  return {
    xarf_version: '4.0.0',
    legacy_version: '3',
    ...present({
      reporter: present({
        org: reporter.ReporterOrg,
        contact: reporter.ReporterOrgEmail ?? reporter.ReporterContactEmail,
        domain: reporter.ReporterOrgDomain,
      }),
      source_identifier: SourceIp ?? identifierOf(Source) ?? SourceUrl,
      url: SourceUrl,
      category: known?.[0] ?? (typeof ReportClass === 'string' ? ReportClass.toLowerCase() : ''),
      type: known?.[1] ?? word,
      evidence: isList(Samples) ? Samples.map(evidenceOf) : undefined,
    }),
    ...Object.fromEntries(named),
    ...rest,
  };
}

function identifierOf(source: Json | undefined): Json | undefined {
  return isRecord(source) ? (source.IP ?? source.URL) : source;
}

function evidenceOf(sample: Json): Json {
  if (!isRecord(sample)) return sample;
  const { ContentType, Description, Payload, Base64Encoded } = sample;
  const isText = Base64Encoded === false && typeof Payload === 'string';
  return (
    present({
      content_type: ContentType,
      description: Description,
      payload: isText ? Buffer.from(Payload).toString('base64') : Payload,
    }) ?? {}
  );
}
