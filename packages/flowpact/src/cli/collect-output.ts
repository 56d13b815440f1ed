import {
  createSliceWriter,
  createTcpExporter,
  createTlsExporter,
  createUdpExporter,
  type LineExtras,
  type MessageExporter,
  systemClock,
  timeNow,
} from '@flowpact/ipfix';
import { createExportOutput } from '../collect/export-output.ts';
import { createLineOutput, headingOf, type LineFormat } from '../collect/line-output.ts';
import type { RecordOutput } from '../collect/record-output.ts';
import { createTopOutput } from '../collect/top-output.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { parseUrlOf } from '../input/socket-url.ts';
import { parseIpfixcolOptions } from '../ipfixcol/line-options.ts';
import { type LineSinkOptions, openLineSink } from '../output/open-line-sink.ts';
import type { RotationLimit } from './option-parsers.ts';
import { refusedDatagrams } from './refused-datagrams.ts';

/** Where the records of `collect` go, and what they look like there. */
export interface OutputOptions {
  readonly format: 'flowpact' | 'ipfixcol' | 'csv';
  readonly ipfixcolOption?: readonly string[];
  readonly columns?: readonly string[];
  readonly counts: 'raw' | 'scaled' | 'both';
  readonly names?: boolean;
  readonly time: 'export' | 'now';
  readonly output?: string;
  readonly whenSlow?: 'wait' | 'drop';
  readonly rotate?: RotationLimit;
  readonly keep?: number;
  readonly top?: string;
  readonly limit: number;
  readonly export?: string;
  readonly exportTlsCert?: string;
  readonly exportTlsKey?: string;
  readonly exportTlsCa?: string;
  readonly slices?: string;
  readonly period: number;
}

const usage = (message: string) => new FlowpactError('FLOWPACT_USAGE', message);

/** Opens the output. @throws FlowpactError, `FLOWPACT_USAGE` for options that do not go together */
export async function openOutput(options: OutputOptions): Promise<RecordOutput> {
  checkTogether(options);
  const { counts, time, top, limit } = options;
  if (options.export !== undefined || options.slices !== undefined) return openExport(options);
  if (top !== undefined) {
    const sink = await openLineSink(options.output ?? '-', sinkOptions(options));
    return createTopOutput({ top, limit, counts: counts === 'raw' ? 'raw' : 'scaled' }, { sink });
  }
  const format = lineFormat(options);
  const heading = headingOf(format);
  const sink = await openLineSink(options.output ?? '-', {
    ...sinkOptions(options),
    ...(heading === undefined ? {} : { heading }),
  });
  return createLineOutput(
    { format, ...(time === 'now' ? { timeShiftMs: timeNow(Date.now) } : {}) },
    { sink },
  );
}

function checkTogether(options: OutputOptions): void {
  const { top, slices, format, ipfixcolOption, columns, counts, names, keep, rotate } = options;
  const instead = Object.entries({ '--top': top, '--export': options.export, '--slices': slices })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (instead.length > 1) throw usage('give at most one of --top, --export and --slices');
  if (keep !== undefined && rotate === undefined) throw usage('--keep goes with --rotate');
  if (rotate !== undefined && instead.length > 0) throw usage(`--rotate does not go with ${instead[0]}`);
  if ((options.export ?? slices) !== undefined && options.output !== undefined) {
    throw usage(`-o does not go with ${instead[0]}`);
  }
  const tls = [options.exportTlsCert, options.exportTlsKey, options.exportTlsCa];
  if (tls.some((file) => file !== undefined) && !options.export?.startsWith('tls://')) {
    throw usage('--export-tls-cert, -key and -ca go with --export tls://HOST:PORT');
  }
  if (instead.length > 0 && (names || columns !== undefined || ipfixcolOption !== undefined)) {
    throw usage(`--names, --columns and --ipfixcol-option are about lines, not about ${instead[0]}`);
  }
  if (ipfixcolOption !== undefined && format !== 'ipfixcol') {
    throw usage('--ipfixcol-option goes with --format ipfixcol');
  }
  if (columns !== undefined && format !== 'csv') throw usage('--columns goes with --format csv');
  if (names && format !== 'flowpact') throw usage(`--names goes with --format flowpact, not ${format}`);
  if (counts !== 'raw' && (format === 'ipfixcol' || (options.export ?? slices) !== undefined)) {
    throw usage(
      '--counts goes with --format flowpact or csv, or with --top: IPFIX and IPFIXcol have raw counts',
    );
  }
}

function lineFormat({ format, ipfixcolOption, columns, counts, names }: OutputOptions): LineFormat {
  switch (format) {
    case 'ipfixcol':
      return { style: format, options: parseIpfixcolOptions(ipfixcolOption ?? []) };
    case 'csv':
      return { style: format, columns: columns ?? csvColumns[counts] };
    case 'flowpact': {
      const extras: LineExtras = {
        sampling: counts !== 'raw',
        replaceCounters: counts === 'scaled',
        names: names ?? false,
      };
      return { style: format, extras };
    }
    default:
      return format satisfies never;
  }
}

const ends = [
  'flowStart',
  'flowEnd',
  'protocol',
  'sourceAddress',
  'sourcePort',
  'destinationAddress',
  'destinationPort',
];

/** The columns where none are named. */
const csvColumns: Readonly<Record<OutputOptions['counts'], readonly string[]>> = {
  raw: [...ends, 'packets', 'octets', 'tcpFlags'],
  scaled: [...ends, 'scaledPackets', 'scaledOctets', 'tcpFlags'],
  both: [...ends, 'packets', 'octets', 'scaledPackets', 'scaledOctets', 'tcpFlags'],
};

function sinkOptions({ rotate, keep, whenSlow }: OutputOptions): LineSinkOptions {
  return {
    ...(whenSlow === undefined ? {} : { whenSlow }),
    ...(rotate === undefined ? {} : { rotation: { ...rotate, ...(keep === undefined ? {} : { keep }) } }),
  };
}

async function openExport(options: OutputOptions): Promise<RecordOutput> {
  const { slices, period: periodMs } = options;
  const url = options.export;
  const exporter =
    url === undefined
      ? createSliceWriter({ folder: slices ?? '', periodMs }, { clock: systemClock })
      : messageExporter(url, options);
  const onClose = () => {
    const refused = refusedDatagrams(exporter);
    if (refused === 0) return;
    const count = refused.toLocaleString('en-US');
    console.error(`flowpact: ${url}: ${count} messages came back, because nobody listens there`);
  };
  const repeatTemplates = url?.startsWith('udp') ?? false;
  const sending = createExportOutput({ repeatTemplates }, { exporter, onClose });
  await sending.start();
  return sending;
}

function messageExporter(
  text: string,
  { exportTlsCert, exportTlsKey, exportTlsCa }: OutputOptions,
): MessageExporter {
  const url = parseUrlOf(['udp', 'tcp', 'tls'], text);
  switch (url?.transport) {
    case 'udp':
      return createUdpExporter(url);
    case 'tcp':
      return createTcpExporter(url);
    case 'tls':
      if ((exportTlsCert === undefined) !== (exportTlsKey === undefined)) {
        throw usage('--export-tls-cert and --export-tls-key go together');
      }
      return createTlsExporter({
        host: url.host,
        port: url.port,
        ...(exportTlsCert === undefined ? {} : { certificateFile: exportTlsCert }),
        ...(exportTlsKey === undefined ? {} : { keyFile: exportTlsKey }),
        ...(exportTlsCa === undefined ? {} : { authorityFile: exportTlsCa }),
      });
    case undefined:
      throw usage(`--export takes udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, not "${text}"`);
  }
}
