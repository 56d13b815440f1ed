import { createCsvReader, createLineReader, type RecordReader, type TimeShift } from '@flowpact/ipfix';
import type { LineSink } from '../output/line-sink.ts';
import type { RecordOutput } from './record-output.ts';

export interface LineOutputConfig {
  readonly format: 'flowpact' | 'ipfixcol' | 'csv';
  readonly timeShiftMs?: TimeShift;
}

/** Each record a line. */
export function createLineOutput(
  { format, timeShiftMs }: LineOutputConfig,
  { sink }: { readonly sink: LineSink },
): RecordOutput {
  let records = 0;
  const shift = timeShiftMs === undefined ? {} : { timeShiftMs };
  const deps = {
    onLine(line: string) {
      records++;
      sink.write(line);
    },
  };
  if (format === 'csv') sink.write(createCsvReader(shift, deps).header);
  const reader = (): RecordReader =>
    format === 'csv' ? createCsvReader(shift, deps) : createLineReader({ style: format, ...shift }, deps);
  return {
    openSession: () => ({ reader: reader(), end: () => undefined }),
    afterMessage: () => undefined,
    get open() {
      return sink.open;
    },
    get full() {
      return sink.full;
    },
    ready: () => sink.ready(),
    close: () => sink.close(),
    get records() {
      return records;
    },
  };
}
