import {
  createCsvReader,
  createLineReader,
  type IpfixcolLineOptions,
  type LineExtras,
  type RecordReader,
  type TimeShift,
} from '@flowpact/ipfix';
import type { LineSink } from '../output/line-sink.ts';
import type { RecordOutput, RecordSource } from './record-output.ts';

/** The style of lines, and what belongs to it. */
export type LineFormat =
  | { readonly style: 'flowpact'; readonly extras: LineExtras }
  | { readonly style: 'ipfixcol'; readonly options: IpfixcolLineOptions }
  | { readonly style: 'csv'; readonly columns: readonly string[] };

export interface LineOutputConfig {
  readonly format: LineFormat;
  readonly timeShiftMs?: TimeShift;
}

/** The line that goes in front of the others, where the style has one. */
export const headingOf = (format: LineFormat): string | undefined =>
  format.style === 'csv'
    ? createCsvReader({ columns: format.columns }, { onLine: () => undefined }).header
    : undefined;

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
  function reader({ exporterAddress }: RecordSource): RecordReader {
    switch (format.style) {
      case 'csv':
        return createCsvReader({ columns: format.columns, ...shift }, deps);
      case 'flowpact':
        return createLineReader({ style: 'flowpact', extras: format.extras, ...shift }, deps);
      case 'ipfixcol': {
        const address = exporterAddress === undefined ? {} : { exporterAddress };
        const ipfixcol = { ...format.options, ...address };
        return createLineReader({ style: 'ipfixcol', ipfixcol, ...shift }, deps);
      }
      default:
        return format satisfies never;
    }
  }
  return {
    openSession: (source) => ({ reader: reader(source), end: () => undefined }),
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
    get dropped() {
      return sink.dropped;
    },
  };
}
