import type { DecoderStats } from '@flowpact/ipfix';
import type { Exporter } from '../http/api/schema/exporter-schema.ts';

/** What is known of a session beside its decoder's counters. */
export interface SessionFacts {
  readonly exporter: string;
  readonly isConnected: boolean;
  readonly sinceMs: number;
  readonly lastMessageMs?: number;
  readonly droppedDatagrams: number;
}

/** An exporter's session as the API tells it. */
export function exporterView(facts: SessionFacts, stats: DecoderStats): Exporter {
  return {
    ...facts,
    messages: stats.messages,
    octets: stats.octets,
    records: stats.records,
    templates: stats.templates,
    lostRecords: stats.lostRecords,
    sequenceGaps: stats.sequenceGaps,
    lateMessages: stats.lateMessages,
    unknownTemplateSets: stats.unknownTemplateSets,
    parkedSets: stats.parkedSets,
    parkedOctets: stats.parkedBytes,
    recoveredSets: stats.recoveredSets,
    malformed: stats.malformedMessages + stats.malformedSets,
    domains: [...stats.domains.values()].map((domain) => ({
      observationDomainId: domain.observationDomainId,
      version: domain.version,
      messages: domain.messages,
      records: domain.records,
      lostRecords: domain.lostRecords,
      sequenceGaps: domain.sequenceGaps,
      ...(domain.clockSkewMs === undefined ? {} : { clockSkewMs: domain.clockSkewMs }),
      sampling: domain.sampling,
    })),
    issues: Object.fromEntries(Object.entries(stats.issues).map(([code, count]) => [code, count ?? 0])),
  };
}
