import type { LearnedElements } from '../options/learned-elements.ts';
import { createLearnedNames, type LearnedNames } from '../options/learned-names.ts';
import { createLearnedStart, type LearnedStart } from '../options/learned-start.ts';
import { createSamplingRates, type SamplingConfig, type SamplingRates } from '../sampling/sampling-rates.ts';
import type { Allowance } from './allowance.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import { createDomainStats, type MutableDomainStats } from './decoder-stats.ts';
import type { DomainKnowledge } from './domain-knowledge.ts';
import type { FlowVersion } from './message-header.ts';
import type { ParkedSet } from './parking-lot.ts';
import { createFindRecordBorders, type FindRecordBorders } from './record-borders.ts';
import type { DataSetReader } from './record-reader.ts';
import { createSequenceCounting, type SequenceCounting } from './sequence-counting.ts';
import type { Template } from './template.ts';

/** A template in use. */
export interface KnownTemplate {
  readonly template: Template;
  /** A copy of the record's octets: a repeat is recognised by them and costs nothing more. */
  readonly octets: Uint8Array;
  readonly findBorders: FindRecordBorders;
  /** Compiled when the first data set comes; null where the reader is not interested. */
  reader: DataSetReader | null | undefined;
  /** Takes notice of options records; the rest as with `reader`. */
  optionsReader: DataSetReader | null | undefined;
}

export const createKnownTemplate = (template: Template, octets: Uint8Array): KnownTemplate => ({
  template,
  octets,
  findBorders: createFindRecordBorders(template),
  reader: undefined,
  optionsReader: undefined,
});

/** What a decoder remembers of one observation domain of its session. */
export interface ObservationDomain {
  readonly id: number;
  readonly version: FlowVersion;
  readonly stats: MutableDomainStats;
  /** One id space for both kinds (RFC 7011 section 3.4.1). */
  readonly templates: Map<number, KnownTemplate>;
  /** Data sets that wait for their template, by its id, the oldest first. */
  readonly parked: Map<number, ParkedSet[]>;
  readonly sequence: SequenceCounting;
  readonly rates: SamplingRates;
  readonly names: LearnedNames;
  readonly start: LearnedStart;
  /** The above and the session's, as readers see it. */
  readonly knowledge: DomainKnowledge;
  /** `templates` differs from what the template memory was given last. */
  templatesChanged: boolean;
}

/** What the domains of a session share. */
export interface DomainConfig {
  readonly limits: DecoderLimits;
  readonly sampling: SamplingConfig;
  readonly elements: LearnedElements;
  /** For what options data tell. */
  readonly entries: Allowance;
}

export function createObservationDomain(
  version: FlowVersion,
  id: number,
  { limits, sampling, elements, entries }: DomainConfig,
): ObservationDomain {
  const templates = new Map<number, KnownTemplate>();
  const rates = createSamplingRates(sampling, entries);
  const names = createLearnedNames(entries);
  const stats = createDomainStats(version, id);
  if (sampling.defaultRate !== undefined || sampling.fixedRate !== undefined) stats.sampling = 'configured';
  const start = createLearnedStart();
  return {
    id,
    version,
    stats,
    templates,
    rates,
    names,
    start,
    knowledge: {
      findTemplate: (templateId) => templates.get(templateId)?.template,
      findElement: elements.find,
      listLimits: limits,
      sampling: rates,
      names,
      systemInitTimeMs: start.systemInitTimeMs,
    },
    parked: new Map(),
    sequence: createSequenceCounting(),
    templatesChanged: false,
  };
}
