import type { DecodeSession } from './decode-session.ts';
import type { MessageHeader } from './message-header.ts';
import type { KnownTemplate, ObservationDomain } from './observation-domain.ts';
import type { RecordBorders } from './record-borders.ts';

/** Reused by all decoders: a data set is read to its end before the next begins. */
const borders: RecordBorders = { records: 0, end: 0, overrun: false };

/**
 * Counts the records of a data set from `start` to `end` and gives them to the reader.
 *
 * @returns the number of records, or undefined where the set is malformed
 */
export function readDataSet(
  session: DecodeSession,
  domain: ObservationDomain,
  known: KnownTemplate,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
): number | undefined {
  const { stats } = session;
  const { template } = known;
  known.findBorders(bytes, start, end, borders);
  const { records, end: recordsEnd, overrun } = borders;
  if (template.kind === 'data') {
    stats.records += records;
    domain.stats.records += records;
  } else {
    stats.optionsRecords += records;
    domain.stats.optionsRecords += records;
    learnFromOptions(session, known, bytes, start, recordsEnd, header);
  }
  if (records > 0) {
    if (known.reader === undefined) known.reader = session.reader.compile(template) ?? null;
    known.reader?.(bytes, start, recordsEnd, header);
  }
  if (!overrun) return records;
  const message = `a record of template ${template.id} goes past the end of its set`;
  session.issues.malformedSet(
    { code: 'IPFIX_RECORD_OVERRUN', message, templateId: template.id, offset: recordsEnd },
    domain,
  );
  return undefined;
}

/** Takes notice of what options records tell of the exporter. */
function learnFromOptions(
  { optionsReader }: DecodeSession,
  known: KnownTemplate,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
): void {
  if (start === end) return;
  if (known.optionsReader === undefined) known.optionsReader = optionsReader.compile(known.template) ?? null;
  known.optionsReader?.(bytes, start, end, header);
}

/** Keeps a data set for the template that has not come. */
export function parkDataSet(
  { stats, issues, parking }: DecodeSession,
  domain: ObservationDomain,
  templateId: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  header: MessageHeader,
  offset: number,
): void {
  stats.unknownTemplateSets++;
  domain.stats.unknownTemplateSets++;
  const parked = parking.park(bytes, start, end, templateId, domain, header);
  const what = parked ? 'data set parked' : 'data set skipped';
  const message = `${what}: no template ${templateId} in observation domain ${domain.id} yet`;
  issues.report({ code: 'IPFIX_TEMPLATE_MISSING', message, templateId, offset }, domain);
}

/** Reads the data sets that waited for a template which has come now. */
export function readParkedSets(
  session: DecodeSession,
  domain: ObservationDomain,
  known: KnownTemplate,
  exportTime: number,
): void {
  if (domain.parked.size === 0) return;
  const { stats, parking } = session;
  for (const { octets, header } of parking.release(domain, known.template.id, exportTime)) {
    const before = stats.records + stats.optionsRecords;
    stats.recoveredSets++;
    readDataSet(session, domain, known, octets, 0, octets.length, header);
    stats.recoveredRecords += stats.records + stats.optionsRecords - before;
  }
}
