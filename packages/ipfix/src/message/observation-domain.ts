import type { DomainStats } from './decoder-stats.ts';
import type { FindRecordBorders } from './record-borders.ts';
import type { DataSetReader } from './record-reader.ts';
import type { Template } from './template.ts';

/** A template in use. */
export interface KnownTemplate {
  readonly template: Template;
  /** A copy of the record's octets: a repeat is recognised by them and costs nothing more. */
  readonly octets: Uint8Array;
  readonly findBorders: FindRecordBorders;
  /** Compiled when the first data set comes; null where the reader is not interested. */
  reader: DataSetReader | null | undefined;
}

/** What a decoder remembers of one observation domain of its session. */
export interface ObservationDomain {
  readonly id: number;
  readonly stats: DomainStats;
  /** One id space for both kinds (RFC 7011 section 3.4.1). */
  readonly templates: Map<number, KnownTemplate>;
  /** Sequence number that the next message should have; undefined where that cannot be known. */
  nextSequenceNumber: number | undefined;
}

export function createObservationDomain(id: number): ObservationDomain {
  const stats = { records: 0, optionsRecords: 0, sequenceGaps: 0, lostRecords: 0, sequenceResets: 0 };
  return { id, stats, templates: new Map(), nextSequenceNumber: undefined };
}
