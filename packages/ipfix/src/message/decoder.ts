import type { DecodeIssue } from './decode-issue.ts';
import { type DecoderLimits, decoderLimits } from './decoder-limits.ts';
import { createDecoderStats, type DecoderStats } from './decoder-stats.ts';
import {
  ipfixVersion,
  type MessageHeader,
  messageHeaderLength,
  readMessageHeader,
} from './message-header.ts';
import { readUint16 } from './network-byte-order.ts';
import { createObservationDomain, type ObservationDomain } from './observation-domain.ts';
import type { RecordBorders } from './record-borders.ts';
import type { RecordReader } from './record-reader.ts';
import { checkSequence } from './sequence-check.ts';
import type { Template } from './template.ts';
import { firstTemplateId } from './template-set.ts';
import { createTemplateStore, optionsTemplateSetId, templateSetId } from './template-store.ts';

/** Octets of a set header (RFC 7011 section 3.3.2). */
const setHeaderLength = 4;

export interface FlowDecoderConfig {
  /** Default {@link defaultDecoderLimits}. */
  readonly limits?: Partial<DecoderLimits>;
}

export interface FlowDecoderDeps {
  /** What to make of data records. */
  readonly reader: RecordReader;
  /** Told of everything that is wrong, and of lost records. Must not throw. */
  onIssue?(issue: DecodeIssue): void;
}

/** Decodes the messages of one transport session, which is the scope of templates (RFC 7011 section 8). */
export interface FlowDecoder {
  /**
   * Reads one message. Whatever the octets are, it does not throw: errors are counted and reported, and what is
   * well-formed is read. (What the reader's own callback throws passes through.)
   */
  decode(message: Uint8Array): void;
  readonly stats: DecoderStats;
  /** The templates now known, of all observation domains. */
  templates(): readonly Template[];
}

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a limit that is not a positive integer. */
export function createFlowDecoder(config: FlowDecoderConfig, deps: FlowDecoderDeps): FlowDecoder {
  const limits = decoderLimits(config.limits);
  const stats = createDecoderStats();
  const domains = new Map<number, ObservationDomain>();
  const report = (issue: DecodeIssue) => deps.onIssue?.(issue);
  const store = createTemplateStore(limits, stats, report);
  const borders: RecordBorders = { records: 0, end: 0, overrun: false };

  function malformedMessage(issue: DecodeIssue): void {
    stats.malformedMessages++;
    report(issue);
  }

  function malformedSet(domain: ObservationDomain, issue: DecodeIssue): void {
    stats.malformedSets++;
    report({ ...issue, observationDomainId: domain.id });
  }

  /** The domain of a message, made when it is first heard of; undefined above the limit. */
  function domainOf({ observationDomainId: id }: MessageHeader): ObservationDomain | undefined {
    const known = domains.get(id);
    if (known !== undefined) return known;
    if (domains.size >= limits.maxDomains) {
      stats.refusedMessages++;
      const message = `message of observation domain ${id}, but maxDomains is ${limits.maxDomains}`;
      report({ code: 'IPFIX_LIMIT_DOMAINS', message, observationDomainId: id, offset: 12 });
      return undefined;
    }
    const domain = createObservationDomain(id);
    domains.set(id, domain);
    stats.domains.set(id, domain.stats);
    return domain;
  }

  /** @returns the number of records in the set, or undefined where that cannot be known */
  function readDataSet(
    bytes: Uint8Array,
    start: number,
    end: number,
    templateId: number,
    header: MessageHeader,
    domain: ObservationDomain,
  ): number | undefined {
    const known = domain.templates.get(templateId);
    if (known === undefined) {
      stats.unknownTemplateSets++;
      report({
        code: 'IPFIX_TEMPLATE_MISSING',
        message: `data set skipped: no template ${templateId} in observation domain ${domain.id} yet`,
        observationDomainId: domain.id,
        templateId,
        offset: start - setHeaderLength,
      });
      return undefined;
    }
    known.findBorders(bytes, start, end, borders);
    const { records, end: recordsEnd, overrun } = borders;
    if (known.template.kind === 'data') {
      stats.records += records;
      domain.stats.records += records;
    } else {
      stats.optionsRecords += records;
      domain.stats.optionsRecords += records;
    }
    if (records > 0) {
      if (known.reader === undefined) known.reader = deps.reader.compile(known.template) ?? null;
      known.reader?.(bytes, start, recordsEnd, header);
    }
    if (!overrun) return records;
    const message = `a record of template ${templateId} goes past the end of its set`;
    malformedSet(domain, { code: 'IPFIX_RECORD_OVERRUN', message, templateId, offset: recordsEnd });
    return undefined;
  }

  function readSets(bytes: Uint8Array, end: number, header: MessageHeader, domain: ObservationDomain): void {
    let records: number | undefined = 0;
    let at = messageHeaderLength;
    while (at < end) {
      const length = end - at >= setHeaderLength ? readUint16(bytes, at + 2) : 0;
      if (length < setHeaderLength || length > end - at) {
        const message = `a set of ${length} octets where ${end - at} are left; the rest is skipped`;
        malformedSet(domain, { code: 'IPFIX_SET_LENGTH', message, offset: at });
        records = undefined;
        break;
      }
      const setId = readUint16(bytes, at);
      const start = at + setHeaderLength;
      at += length;
      if (setId >= firstTemplateId) {
        const read = readDataSet(bytes, start, at, setId, header, domain);
        records = read === undefined || records === undefined ? undefined : records + read;
      } else if (setId === templateSetId) {
        store.readSet(bytes, start, at, 'data', domain);
      } else if (setId === optionsTemplateSetId) {
        store.readSet(bytes, start, at, 'options', domain);
      } else {
        const message = `set id ${setId} is reserved (RFC 7011 section 3.3.2); the set is skipped`;
        malformedSet(domain, { code: 'IPFIX_SET_RESERVED', message, offset: start - setHeaderLength });
      }
    }
    domain.nextSequenceNumber = records === undefined ? undefined : (header.sequenceNumber + records) >>> 0;
  }

  return {
    decode(message) {
      stats.messages++;
      if (message.length < messageHeaderLength) {
        const text = `${message.length} octets are less than a message header`;
        return malformedMessage({ code: 'IPFIX_MESSAGE_TOO_SHORT', message: text, offset: 0 });
      }
      const version = readUint16(message, 0);
      if (version !== ipfixVersion) {
        const text = `version ${version} is not IPFIX, which has ${ipfixVersion}`;
        return malformedMessage({ code: 'IPFIX_MESSAGE_VERSION', message: text, offset: 0 });
      }
      const header = readMessageHeader(message);
      if (header.length !== message.length) {
        const text = `the header says ${header.length} octets, but there are ${message.length}`;
        malformedMessage({ code: 'IPFIX_MESSAGE_LENGTH', message: text, offset: 2 });
      }
      const domain = domainOf(header);
      if (domain === undefined) return;
      checkSequence(header, domain, stats, report);
      readSets(message, Math.min(header.length, message.length), header, domain);
    },
    stats,
    templates: () =>
      [...domains.values()].flatMap(({ templates }) =>
        [...templates.values()].map(({ template }) => template),
      ),
  };
}
