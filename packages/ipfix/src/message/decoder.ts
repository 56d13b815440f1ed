import type { Clock } from '../clock/clock.ts';
import { netflowHeaderLengths, readNetflowHeader } from '../netflow/netflow-header.ts';
import { readFixedRecords } from '../netflow/read-fixed-records.ts';
import { v9Templates } from '../netflow/v9-templates.ts';
import { createLearnedElements } from '../options/learned-elements.ts';
import { createOptionsReader } from '../options/options-reader.ts';
import { type SamplingConfig, samplingConfig } from '../sampling/sampling-rates.ts';
import { createAllowance } from './allowance.ts';
import type { DecodeIssue } from './decode-issue.ts';
import type { DecodeSession } from './decode-session.ts';
import type { DecoderBudget } from './decoder-budget.ts';
import { type DecoderLimits, decoderLimits } from './decoder-limits.ts';
import { createDecoderStats, type DecoderStats } from './decoder-stats.ts';
import { createIssueLog } from './issue-log.ts';
import {
  type FlowVersion,
  type MessageHeader,
  messageHeaderLength,
  readMessageHeader,
} from './message-header.ts';
import { readUint16 } from './network-byte-order.ts';
import { createObservationDomain, type ObservationDomain } from './observation-domain.ts';
import { createParkingLot, type ParkedSet } from './parking-lot.ts';
import { readSets } from './read-sets.ts';
import type { RecordReader } from './record-reader.ts';
import { checkSequence } from './sequence-stats.ts';
import type { Template } from './template.ts';
import type { TemplateMemory } from './template-memory.ts';
import { ipfixTemplates } from './template-set.ts';
import { createTemplateStore } from './template-store.ts';

export interface FlowDecoderConfig {
  /** Default {@link defaultDecoderLimits}. */
  readonly limits?: Partial<DecoderLimits>;
  /** What to assume about sampling. */
  readonly sampling?: SamplingConfig;
  /** Under which name the template memory keeps the exporter's templates; its address without the port is one. */
  readonly exporter?: string;
}

export interface FlowDecoderDeps {
  /** What to make of data records. */
  readonly reader: RecordReader;
  /** Told of everything that is wrong, and of lost records. Must not throw. */
  onIssue?(issue: DecodeIssue): void;
  /** Tells when messages arrive, to compare exporters' clocks with it. Leave it out where they come from files. */
  readonly clock?: Pick<Clock, 'now'>;
  /** What the decoders of many sessions may hold together; give all of them the same. Default: no more than the limits. */
  readonly budget?: DecoderBudget;
  /** Has the templates of earlier sessions and gets those of this one; used where `exporter` is given. */
  readonly templateMemory?: TemplateMemory;
}

/**
 * Decodes the messages of one transport session, which is the scope of templates (RFC 7011 section 8): NetFlow v1,
 * v5, v7, v9 and IPFIX, each message by the version in its header.
 */
export interface FlowDecoder {
  /**
   * Reads one message. Whatever the octets are, it does not throw: errors are counted and reported, and what is
   * well-formed is read. (What the reader's own callback throws passes through.)
   */
  decode(message: Uint8Array): void;
  readonly stats: DecoderStats;
  /** The session is over: gives back what was taken of the budget. Nothing is decoded afterwards. */
  close(): void;
  /** The templates now known, of all observation domains. */
  templates(): readonly Template[];
}

/** Octets of message headers by version. */
const headerLengths: Readonly<Record<FlowVersion, number>> = {
  ...netflowHeaderLengths,
  10: messageHeaderLength,
};

const isFlowVersion = (version: number): version is FlowVersion =>
  version === 10 || version === 9 || version === 5 || version === 7 || version === 1;

/** Where in a message each version tells its observation domain. */
const domainOffsets: Readonly<Record<FlowVersion, number>> = { 1: 0, 5: 20, 7: 0, 9: 16, 10: 12 };

/** The key of a domain in a session; that of an IPFIX domain is its id. */
const domainKey = ({
  version,
  observationDomainId,
}: Pick<MessageHeader, 'version' | 'observationDomainId'>) =>
  version === 10 ? observationDomainId : version * 0x100000000 + observationDomainId;

/** @throws IpfixError `IPFIX_BAD_CONFIG` for a limit out of its range. */
export function createFlowDecoder(config: FlowDecoderConfig, deps: FlowDecoderDeps): FlowDecoder {
  const limits = decoderLimits(config.limits);
  const stats = createDecoderStats();
  const domains = new Map<number, ObservationDomain>();
  const issues = createIssueLog(stats, (issue) => deps.onIssue?.(issue));
  const { budget } = deps;
  const allowances = {
    domains: createAllowance(limits.maxDomains, budget?.domains),
    fields: createAllowance(limits.maxFieldsPerSession, budget?.fields),
    // The parking lot itself looks to the limits of the session.
    parkedBytes: createAllowance(Number.POSITIVE_INFINITY, budget?.parkedBytes),
    names: createAllowance(limits.maxLearnedNames, budget?.names),
    elements: createAllowance(limits.maxLearnedElements, budget?.names),
  };
  const giveUp = ({ domain, templateId, octets }: ParkedSet) => {
    const message = `${octets.length} octets of data given up: template ${templateId} of observation domain ${domain.id} did not come`;
    issues.report({ code: 'IPFIX_PARKED_EXPIRED', message, templateId }, domain);
  };
  const parking = createParkingLot(limits, stats, giveUp, allowances.parkedBytes);
  const store = createTemplateStore(limits, stats, issues, allowances.fields);
  const elements = createLearnedElements(allowances.elements);
  const sampling = samplingConfig(config.sampling);
  const optionsReader = createOptionsReader((record, header) => {
    const domain = domainOf(header);
    if (domain === undefined) return;
    if (domain.rates.learn(record)) domain.stats.sampling = 'told';
    domain.names.learn(record);
    if (domain.start.learn(record)) store.useStart(domain);
    const element = elements.learn(record);
    if (element !== undefined) store.renameFields(element, domains.values());
  });
  const session: DecodeSession = {
    limits,
    stats,
    issues,
    store,
    parking,
    reader: deps.reader,
    optionsReader,
  };

  /** The domain of a message, made when it is first heard of; undefined above the limit. */
  function domainOf(
    header: Pick<MessageHeader, 'version' | 'observationDomainId'>,
  ): ObservationDomain | undefined {
    const key = domainKey(header);
    const known = domains.get(key);
    if (known !== undefined) return known;
    const { version, observationDomainId: id } = header;
    if (!allowances.domains.take(1)) {
      stats.refusedMessages++;
      const message = `message of observation domain ${id}, but this session has maxDomains, ${limits.maxDomains}, or all sessions have what they may together`;
      issues.report({
        code: 'IPFIX_LIMIT_DOMAINS',
        message,
        observationDomainId: id,
        offset: domainOffsets[version],
      });
      return undefined;
    }
    const domain = createObservationDomain(version, id, {
      limits,
      sampling,
      elements,
      entries: allowances.names,
    });
    domains.set(key, domain);
    stats.domains.set(key, domain.stats);
    return domain;
  }

  /** @returns the number of its records, or undefined where that cannot be known */
  function readBody(
    message: Uint8Array,
    header: MessageHeader,
    domain: ObservationDomain,
  ): number | undefined {
    const { version, length } = header;
    const start = headerLengths[version];
    switch (version) {
      case 10:
        return readSets(
          session,
          domain,
          ipfixTemplates,
          message,
          start,
          Math.min(length, message.length),
          header,
        );
      case 9:
        return readSets(session, domain, v9Templates, message, start, message.length, header);
      case 1:
      case 5:
      case 7:
        return readFixedRecords(session, domain, version, message, header);
      default:
        return version satisfies never;
    }
  }

  const { exporter } = config;
  const memory = exporter === undefined ? undefined : deps.templateMemory;

  function restoreTemplates(name: string, from: TemplateMemory): void {
    for (const remembered of from.load(name)) {
      const domain = domainOf(remembered);
      const format = remembered.version === 9 ? v9Templates : ipfixTemplates;
      for (const template of remembered.templates)
        if (domain !== undefined) store.restore(template, format, domain);
    }
  }

  function saveTemplates(name: string, to: TemplateMemory, domain: ObservationDomain): void {
    const { version, id: observationDomainId } = domain;
    const templates = [...domain.templates.values()].map(({ template: { kind }, octets }) => ({
      kind,
      octets,
    }));
    to.save(name, { version, observationDomainId, templates });
    domain.templatesChanged = false;
  }

  if (exporter !== undefined && memory !== undefined) restoreTemplates(exporter, memory);

  return {
    decode(message) {
      stats.messages++;
      stats.octets += message.length;
      const version = message.length < 2 ? undefined : readUint16(message, 0);
      if (version === undefined || (isFlowVersion(version) && message.length < headerLengths[version])) {
        const text = `${message.length} octets are less than a message header`;
        return issues.malformedMessage({ code: 'IPFIX_MESSAGE_TOO_SHORT', message: text, offset: 0 });
      }
      if (!isFlowVersion(version)) {
        const text = `version ${version} is none of NetFlow 1, 5, 7, 9 and IPFIX, which has 10`;
        return issues.malformedMessage({ code: 'IPFIX_MESSAGE_VERSION', message: text, offset: 0 });
      }
      const header = version === 10 ? readMessageHeader(message) : readNetflowHeader(message, version);
      if (header.length !== message.length) {
        const text = `the header says ${header.length} octets, but there are ${message.length}`;
        issues.malformedMessage({ code: 'IPFIX_MESSAGE_LENGTH', message: text, offset: 2 });
      }
      const domain = domainOf(header);
      if (domain === undefined) return;
      header.knowledge = domain.knowledge;
      domain.stats.messages++;
      if (header.sampling !== 0) domain.stats.sampling = 'told';
      if (deps.clock !== undefined) domain.stats.clockSkewMs = deps.clock.now() - header.exportTimeMs;
      const optionsBefore = stats.optionsRecords;
      const all = readBody(message, header, domain);
      // Options that were parked until now make `data` too small, which can only hide a strange way of counting.
      const count =
        all === undefined ? undefined : { all, data: all - (stats.optionsRecords - optionsBefore) };
      checkSequence(session, domain, header, count);
      if (domain.templatesChanged && exporter !== undefined && memory !== undefined) {
        saveTemplates(exporter, memory, domain);
      }
    },
    stats,
    close() {
      for (const allowance of Object.values(allowances)) allowance.clear();
    },
    templates: () =>
      [...domains.values()].flatMap(({ templates }) =>
        [...templates.values()].map(({ template }) => template),
      ),
  };
}
