import { createDomainStats, type MutableDomainStats } from './decoder-stats.ts';
import type { FlowVersion } from './message-header.ts';
import type { ParkedSet } from './parking-lot.ts';
import { createFindRecordBorders, type FindRecordBorders } from './record-borders.ts';
import type { DataSetReader } from './record-reader.ts';
import { createSequenceTracker, type SequenceTracker } from './sequence-tracker.ts';
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

export const createKnownTemplate = (template: Template, octets: Uint8Array): KnownTemplate => ({
  template,
  octets,
  findBorders: createFindRecordBorders(template),
  reader: undefined,
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
  readonly sequence: SequenceTracker;
  /** `templates` differs from what the template memory was given last. */
  templatesChanged: boolean;
}

export function createObservationDomain(version: FlowVersion, id: number): ObservationDomain {
  return {
    id,
    version,
    stats: createDomainStats(version, id),
    templates: new Map(),
    parked: new Map(),
    sequence: createSequenceTracker(),
    templatesChanged: false,
  };
}
