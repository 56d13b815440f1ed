import { isIPv4 } from 'node:net';
import { addressToOctets } from '@flowpact/event';
import { createObjectReader, type ExporterAddress, type RecordReader } from '@flowpact/ipfix';
import type { FlowArchive, FlowArchiveStats, FlowRecord, TrafficSummary } from '@flowpact/store';
import { createIssueLog } from '../collect/issue-log.ts';
import { archiveFields } from './archive-fields.ts';
import type { FlowMessage } from './flow-messages.ts';
import { createSessionDecoders, type DecodingTotals } from './session-decoders.ts';

/** What the main thread asks of the storage thread. */
export type StorageRequests = {
  readonly report: { readonly ask: undefined; readonly answer: StorageReport };
  /** Takes what is under way, writes all of it and ends. */
  readonly stop: { readonly ask: undefined; readonly answer: undefined };
};

/** From the storage thread, beside answers. */
export type StorageTold =
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'summary'; readonly summary: TrafficSummary };

/** How the archive fares. */
export interface StorageReport {
  readonly archive: Omit<FlowArchiveStats, 'lastFailure'>;
  readonly decoding: DecodingTotals;
}

export interface StoringDeps {
  /** Started by whoever made it. */
  readonly archive: FlowArchive;
  remark(text: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the storage thread does: decodes all fields that the archive has columns for, and hands them to it. */
export interface Storing {
  take(message: FlowMessage): void;
  report(): StorageReport;
}

export function createStoring({ archive, remark, now }: StoringDeps): Storing {
  const fields = archiveFields(archive.columns);
  const issues = createIssueLog(remark);
  const readers = new Map<string, RecordReader>();

  /** One for each exporter, since it stands in every flow; those of a few thousand exporters are small. */
  function readerOf({ address }: ExporterAddress): RecordReader {
    const known = readers.get(address);
    if (known !== undefined) return known;
    const exporter = exporterColumns(address);
    const reader = createObjectReader(
      { fields },
      {
        onRecord(record, { observationDomainId }) {
          const flow = record as FlowRecord;
          flow.observationDomainId ??= observationDomainId;
          if (flow.exporterIPv4Address == null && flow.exporterIPv6Address == null)
            Object.assign(flow, exporter);
          archive.append(flow);
        },
      },
    );
    if (readers.size >= maxReaders) readers.clear();
    readers.set(address, reader);
    return reader;
  }

  // Detection decodes the same and has told what is wrong with it; here it would be told twice.
  const decoders = createSessionDecoders({ reader: readerOf, onIssue: () => undefined, now });
  return {
    take(message) {
      try {
        decoders.take(message);
      } catch (error) {
        issues.add('archive', 'FLOWPACT_STORE', (error as Error).message);
      }
    },
    report() {
      const { lastFailure: _, ...stats } = archive.stats;
      return { archive: stats, decoding: decoders.totals() };
    },
  };
}

const maxReaders = 1000;

function exporterColumns(address: string): Partial<FlowRecord> {
  const octets = addressToOctets(address.replace(/%.*$/, ''));
  if (!isIPv4(address)) return { exporterIPv6Address: octets };
  return { exporterIPv4Address: octets.reduce((number, octet) => number * 256 + octet, 0) };
}
