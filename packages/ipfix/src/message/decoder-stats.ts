/** Counters of one observation domain. */
export interface DomainStats {
  /** Data records (templates of kind `data`). */
  records: number;
  optionsRecords: number;
  /** Times that the sequence number jumped ahead. */
  sequenceGaps: number;
  /** Records that the sequence numbers say were sent and that never came. */
  lostRecords: number;
  /** Messages whose sequence number went back: reordered, repeated, or the exporter restarted. */
  sequenceResets: number;
}

/** Counters of one decoder; they only grow. */
export interface DecoderStats {
  /** Messages given to `decode`, malformed ones included. */
  readonly messages: number;
  /** Data records (templates of kind `data`). */
  readonly records: number;
  readonly optionsRecords: number;
  /** Template and options template records received, repeats included. */
  readonly templates: number;
  readonly templateWithdrawals: number;
  /** Data sets skipped because no template was known. */
  readonly unknownTemplateSets: number;
  readonly malformedMessages: number;
  readonly malformedSets: number;
  /** Messages of an observation domain above `maxDomains`. */
  readonly refusedMessages: number;
  /** Templates above a limit or without octets. */
  readonly refusedTemplates: number;
  readonly sequenceGaps: number;
  readonly lostRecords: number;
  readonly sequenceResets: number;
  /** By observation domain id. */
  readonly domains: ReadonlyMap<number, Readonly<DomainStats>>;
}

export type MutableDecoderStats = { -readonly [K in keyof Omit<DecoderStats, 'domains'>]: number } & {
  readonly domains: Map<number, DomainStats>;
};

export function createDecoderStats(): MutableDecoderStats {
  return {
    messages: 0,
    records: 0,
    optionsRecords: 0,
    templates: 0,
    templateWithdrawals: 0,
    unknownTemplateSets: 0,
    malformedMessages: 0,
    malformedSets: 0,
    refusedMessages: 0,
    refusedTemplates: 0,
    sequenceGaps: 0,
    lostRecords: 0,
    sequenceResets: 0,
    domains: new Map(),
  };
}
