import type { DecodeIssueCode } from './decode-issue.ts';
import type { FlowVersion } from './message-header.ts';

/** Counters of one observation domain of one session. */
export interface DomainStats {
  readonly version: FlowVersion;
  readonly observationDomainId: number;
  readonly messages: number;
  /** Data records (templates of kind `data`). */
  readonly records: number;
  readonly optionsRecords: number;
  /** Times that the sequence number jumped ahead. */
  readonly sequenceGaps: number;
  /**
   * Records that were sent and never came, as far as sequence numbers tell: exact in IPFIX, v5 and v7, which count
   * records; in v9 the lost messages times the records that its messages have on average. Goes down where late
   * messages come after all.
   */
  readonly lostRecords: number;
  /** v9: messages that were sent and never came; 0 in other versions, which count records. */
  readonly lostMessages: number;
  /** Messages that came later than ones sent after them. */
  readonly lateMessages: number;
  /** Messages with a sequence number from the past that was not missing: repeated, or numbered wrongly. */
  readonly repeatedMessages: number;
  /** Times that the numbers went on somewhere else: the exporter restarted. */
  readonly sequenceResets: number;
  /** Data sets that had no template when they came. */
  readonly unknownTemplateSets: number;
  readonly malformedSets: number;
  /**
   * Where the sampling rate of the records is from: told by the exporter (in options data, records or message headers),
   * configured, or not known, so that 1 is assumed.
   */
  readonly sampling: 'told' | 'configured' | 'unknown';
  /** What was wrong, how often. */
  readonly issues: Readonly<Partial<Record<DecodeIssueCode, number>>>;
  /**
   * Milliseconds that the last message's export time was behind its arrival, negative where it was ahead;
   * undefined where the decoder has no clock.
   */
  readonly clockSkewMs: number | undefined;
}

/** Counters of one decoder. */
export interface DecoderStats {
  /** Messages given to `decode`, malformed ones included. */
  readonly messages: number;
  /** Octets of these messages. */
  readonly octets: number;
  /** Data records (templates of kind `data`). */
  readonly records: number;
  readonly optionsRecords: number;
  /** Template and options template records received, repeats included. */
  readonly templates: number;
  readonly templateWithdrawals: number;
  /** Data sets that had no template when they came. */
  readonly unknownTemplateSets: number;
  /** Of these, the sets kept until their template comes; those that did not fit were skipped. */
  readonly parkedSets: number;
  /** Octets of the sets that wait now. */
  readonly parkedBytes: number;
  /** Parked sets that were read when their template came, and the records in them. */
  readonly recoveredSets: number;
  readonly recoveredRecords: number;
  /** Parked sets given up: too old, or no room. */
  readonly expiredSets: number;
  readonly malformedMessages: number;
  readonly malformedSets: number;
  /** Messages of an observation domain above `maxDomains`. */
  readonly refusedMessages: number;
  /** Templates above a limit or without octets. */
  readonly refusedTemplates: number;
  readonly sequenceGaps: number;
  /** Sum over the domains; see {@link DomainStats.lostRecords}. */
  readonly lostRecords: number;
  readonly lateMessages: number;
  readonly repeatedMessages: number;
  readonly sequenceResets: number;
  /** What was wrong, how often. */
  readonly issues: Readonly<Partial<Record<DecodeIssueCode, number>>>;
  /** By observation domain id; those of NetFlow by version × 2^32 + id, since the versions' ids are not related. */
  readonly domains: ReadonlyMap<number, DomainStats>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type IssueCounts = Partial<Record<DecodeIssueCode, number>>;

export type MutableDomainStats = Mutable<Omit<DomainStats, 'issues'>> & { readonly issues: IssueCounts };

export type MutableDecoderStats = Mutable<Omit<DecoderStats, 'domains' | 'issues'>> & {
  readonly issues: IssueCounts;
  readonly domains: Map<number, MutableDomainStats>;
};

export function createDomainStats(version: FlowVersion, observationDomainId: number): MutableDomainStats {
  return {
    version,
    observationDomainId,
    messages: 0,
    records: 0,
    optionsRecords: 0,
    sequenceGaps: 0,
    lostRecords: 0,
    lostMessages: 0,
    lateMessages: 0,
    repeatedMessages: 0,
    sequenceResets: 0,
    unknownTemplateSets: 0,
    malformedSets: 0,
    sampling: 'unknown',
    issues: {},
    clockSkewMs: undefined,
  };
}

export function createDecoderStats(): MutableDecoderStats {
  return {
    messages: 0,
    octets: 0,
    records: 0,
    optionsRecords: 0,
    templates: 0,
    templateWithdrawals: 0,
    unknownTemplateSets: 0,
    parkedSets: 0,
    parkedBytes: 0,
    recoveredSets: 0,
    recoveredRecords: 0,
    expiredSets: 0,
    malformedMessages: 0,
    malformedSets: 0,
    refusedMessages: 0,
    refusedTemplates: 0,
    sequenceGaps: 0,
    lostRecords: 0,
    lateMessages: 0,
    repeatedMessages: 0,
    sequenceResets: 0,
    issues: {},
    domains: new Map(),
  };
}
