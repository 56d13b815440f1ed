import {
  type Clock,
  compileFilter,
  createAnonymiser,
  createSliceWriter,
  createTcpExporter,
  createTemplateFile,
  createUdpExporter,
  describeAccounting,
  type MessageExporter,
  prometheusText,
  systemClock,
  timeNow,
} from '@flowpact/ipfix';
import { createCollection, type ListenConfig } from '../collect/collection.ts';
import { createExportOutput } from '../collect/export-output.ts';
import { createLineOutput } from '../collect/line-output.ts';
import type { RecordOutput } from '../collect/record-output.ts';
import { serveMetrics } from '../collect/serve-metrics.ts';
import { createTopOutput } from '../collect/top-output.ts';
import { FlowpactError } from '../flowpact-error.ts';
import { parseHostPort, parseSocketUrl } from '../input/socket-url.ts';
import { openLineSink } from '../output/open-line-sink.ts';
import { interruptible } from './interrupt.ts';

export interface CollectOptions {
  readonly read?: readonly string[];
  readonly tcp?: readonly string[];
  readonly udp?: readonly string[];
  readonly tls?: readonly string[];
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly tlsCa?: string;
  readonly format: 'flowpact' | 'ipfixcol' | 'csv';
  readonly time: 'export' | 'now';
  readonly output: string;
  readonly top?: string;
  readonly limit: number;
  readonly export?: string;
  readonly slices?: string;
  readonly period: number;
  readonly filter?: string;
  readonly anonymise?: string;
  readonly templates?: string;
  readonly doctor?: boolean;
  readonly metrics?: string;
  readonly once?: boolean;
  readonly quiet?: boolean;
}

const defaultHost = '127.0.0.1';

export async function runCollect(options: CollectOptions): Promise<void> {
  const { read, tcp, udp, tls, once, quiet } = options;
  const listeners = [tcp, udp, tls].some((addresses) => addresses !== undefined);
  if (read === undefined && !listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'nothing to collect from: give --read FILE, --tcp, --udp or --tls PORT',
    );
  }
  if (read !== undefined && listeners) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      'give either files (--read) or listeners (--tcp, --udp, --tls), not both',
    );
  }
  if (once && tcp === undefined && tls === undefined) {
    throw new FlowpactError('FLOWPACT_USAGE', '--once goes with --tcp or --tls');
  }
  if ([options.top, options.export, options.slices].filter((each) => each !== undefined).length > 1) {
    throw new FlowpactError('FLOWPACT_USAGE', 'give at most one of --top, --export and --slices');
  }
  const listen = listenConfig(options);
  const filter = options.filter === undefined ? undefined : compileFilter(options.filter);
  const anonymiser =
    options.anonymise === undefined ? undefined : createAnonymiser({ keyFile: options.anonymise });
  const templateFile =
    options.templates === undefined
      ? undefined
      : createTemplateFile(
          { path: options.templates },
          { onError: ({ message, code }) => console.error(`flowpact: ${message} [${code}]`) },
        );
  await templateFile?.start();
  const output = await openOutput(options);
  const collection = createCollection(
    { ...(filter === undefined ? {} : { filter }), ...(anonymiser === undefined ? {} : { anonymiser }) },
    { output, ...(templateFile === undefined ? {} : { templateMemory: templateFile }) },
  );
  try {
    const metrics =
      options.metrics === undefined
        ? undefined
        : await serveMetrics(parseHostPort(options.metrics, defaultHost), {
            text: () => prometheusText(collection.accounting()),
          });
    try {
      await interruptible((signal) =>
        read !== undefined ? collection.readFiles(read, signal) : collection.listen(listen, signal),
      );
    } finally {
      await metrics?.stop();
    }
  } finally {
    // Also where a listener could not be had: an open connection would keep the command from ending.
    await output.close();
    await templateFile?.stop();
  }
  collection.report(quiet ?? false);
  if (options.doctor) for (const line of describeAccounting(collection.accounting())) console.error(line);
}

async function openOutput(options: CollectOptions): Promise<RecordOutput> {
  const { format, time, output, top, limit, slices, period: periodMs } = options;
  const clock: Clock = systemClock;
  if (options.export !== undefined || slices !== undefined) {
    const url = options.export;
    const exporter =
      url !== undefined
        ? messageExporter(url)
        : createSliceWriter({ folder: slices ?? '', periodMs }, { clock });
    const sending = createExportOutput({ repeatTemplates: url?.startsWith('udp') ?? false }, { exporter });
    await sending.start();
    return sending;
  }
  const sink = await openLineSink(output);
  if (top !== undefined) return createTopOutput({ top, limit }, { sink });
  return createLineOutput(
    { format, ...(time === 'now' ? { timeShiftMs: timeNow(Date.now) } : {}) },
    { sink },
  );
}

function messageExporter(text: string): MessageExporter {
  const url = parseSocketUrl(text);
  if (url === undefined) {
    throw new FlowpactError(
      'FLOWPACT_USAGE',
      `--export takes udp://HOST:PORT or tcp://HOST:PORT, not "${text}"`,
    );
  }
  return url.transport === 'udp' ? createUdpExporter(url) : createTcpExporter(url);
}

function listenConfig({
  tcp = [],
  udp = [],
  tls = [],
  tlsKey,
  tlsCert,
  tlsCa,
  once = false,
}: CollectOptions): ListenConfig {
  const address = (text: string) => parseHostPort(text, defaultHost);
  if (tls.length > 0 && (tlsKey === undefined || tlsCert === undefined)) {
    throw new FlowpactError('FLOWPACT_USAGE', '--tls needs --tls-key FILE and --tls-cert FILE');
  }
  const files = {
    keyFile: tlsKey ?? '',
    certificateFile: tlsCert ?? '',
    ...(tlsCa === undefined ? {} : { authorityFile: tlsCa }),
  };
  return {
    tcp: tcp.map(address),
    udp: udp.map(address),
    tls: tls.map((text) => ({ ...address(text), ...files })),
    once,
  };
}
