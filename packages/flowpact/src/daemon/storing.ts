import type { ExporterAddress, RecordReader } from '@flowpact/ipfix';
import type { FlowArchive, FlowArchiveStats, TrafficSummary } from '@flowpact/store';
import { createArchiveReader } from '../archive/archive-reader.ts';
import { teeReader } from '../collect/tee-reader.ts';
import { createTrafficTally, type TrafficPart } from '../watch/traffic-tally.ts';
import type { FlowMessage } from './flow-messages.ts';
import { createSessionDecoders, type DecodingTotals } from './session-decoders.ts';
import type { ThreadUsage } from './thread-usage.ts';

/** What the main thread asks of the storage thread. */
export type StorageRequests = {
  readonly report: { readonly ask: undefined; readonly answer: StorageReport };
  /** Writes what has gathered, so that it can be read. */
  readonly flush: { readonly ask: undefined; readonly answer: undefined };
  /** Takes what is under way, writes all of it and ends. */
  readonly stop: { readonly ask: undefined; readonly answer: undefined };
};

/** From the storage thread, beside answers. */
export type StorageTold =
  | { readonly kind: 'remark'; readonly text: string }
  | { readonly kind: 'summary'; readonly summary: TrafficSummary }
  /** What flowed since it was told before. */
  | { readonly kind: 'traffic'; readonly parts: readonly TrafficPart[] };

/** How the archive fares. */
export interface StorageReport {
  readonly archive: Omit<FlowArchiveStats, 'lastFailure'>;
  readonly decoding: DecodingTotals;
  /** Of its thread. */
  readonly usage?: ThreadUsage;
}

export interface StoringDeps {
  /** Started by whoever made it. */
  readonly archive: FlowArchive;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Readers kept, which generate code for each template; more exporters than that make theirs anew. */
const maxReaders = 1000;

/** What the storage thread does: decodes all fields that the archive has columns for, and hands them to it. */
export interface Storing {
  take(message: FlowMessage): void;
  report(): StorageReport;
  /** What has come since it was asked before. */
  takeTraffic(): readonly TrafficPart[];
}

export function createStoring({ archive, now }: StoringDeps): Storing {
  const readers = new Map<string, RecordReader>();
  const tally = createTrafficTally();

  /** One for each exporter, since its address stands in every flow. */
  function readerOf({ address }: ExporterAddress): RecordReader {
    const known = readers.get(address);
    if (known !== undefined) return known;
    const reader = teeReader([createArchiveReader(archive, address), tally.reader]);
    if (readers.size >= maxReaders) readers.clear();
    readers.set(address, reader);
    return reader;
  }

  // Detection decodes the same and has told what is wrong with it; here it would be told twice.
  const decoders = createSessionDecoders({ reader: readerOf, onIssue: () => undefined, now });
  return {
    take: decoders.take,
    takeTraffic: tally.take,
    report() {
      const { lastFailure: _, ...stats } = archive.stats;
      return { archive: stats, decoding: decoders.totals() };
    },
  };
}
