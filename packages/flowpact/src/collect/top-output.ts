import { createTopStatistics, parseTop, topTable } from '@flowpact/ipfix';
import type { LineSink } from '../output/line-sink.ts';
import type { RecordOutput } from './record-output.ts';

export interface TopOutputConfig {
  /** As `parseTop` reads it: `src,octets`. */
  readonly top: string;
  /** Rows. */
  readonly limit: number;
  /** Whether octets and packets are times the sampling rate. */
  readonly counts: 'raw' | 'scaled';
}

/** Counts the records by some of their fields, and prints the largest groups as a table at the end. */
export function createTopOutput(
  { top, limit, counts }: TopOutputConfig,
  { sink }: { readonly sink: LineSink },
): RecordOutput {
  const config = parseTop(top);
  const statistics = createTopStatistics({ ...config, limit, counts });
  return {
    openSession: () => ({ reader: statistics.reader, end: () => undefined }),
    afterMessage: () => undefined,
    open: true,
    full: false,
    ready: () => Promise.resolve(),
    async close() {
      for (const line of topTable(statistics, config)) sink.write(line);
      await sink.close();
    },
    get records() {
      return statistics.totals().flows;
    },
    dropped: 0,
  };
}
