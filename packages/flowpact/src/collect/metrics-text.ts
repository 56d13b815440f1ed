import { prometheusText } from '@flowpact/ipfix';
import type { Collection } from './collection.ts';
import type { ListenerReport } from './listener.ts';
import type { RecordOutput } from './record-output.ts';

interface ListenerMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  value(report: ListenerReport): number | undefined;
}

const ofListener: readonly ListenerMetric[] = [
  {
    name: 'messages_total',
    help: 'Messages received.',
    type: 'counter',
    value: ({ stats }) => stats.messages,
  },
  { name: 'octets_total', help: 'Octets of these.', type: 'counter', value: ({ stats }) => stats.bytes },
  { name: 'sessions', help: 'Exporters heard now.', type: 'gauge', value: ({ stats }) => stats.openSessions },
  {
    name: 'refused_sessions_total',
    help: 'Exporters turned away.',
    type: 'counter',
    value: ({ stats }) => stats.refusedSessions,
  },
  {
    name: 'failed_sessions_total',
    help: 'Sessions broken off.',
    type: 'counter',
    value: ({ stats }) => stats.failedSessions,
  },
  {
    name: 'dropped_datagrams_total',
    help: 'Datagrams dropped because the output was slow.',
    type: 'counter',
    value: ({ stats }) => stats.droppedMessages,
  },
  {
    name: 'kernel_dropped_datagrams_total',
    help: 'Datagrams dropped by the system because the receive buffer was full.',
    type: 'counter',
    value: ({ kernelDrops }) => kernelDrops,
  },
  {
    name: 'receive_buffer_bytes',
    help: 'Receive buffer that the system grants.',
    type: 'gauge',
    value: ({ receiveBuffer }) => receiveBuffer?.grantedBytes,
  },
];

function metricLines(name: string, help: string, type: string, samples: readonly string[]): string {
  if (samples.length === 0) return '';
  const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  return head + samples.map((sample) => `${name}${sample}\n`).join('');
}

/** Counters of listeners, exporters and the output in the text format of Prometheus 0.0.4. */
export async function metricsText(
  { listeners, accounting }: Pick<Collection, 'listeners' | 'accounting'>,
  output: Pick<RecordOutput, 'records' | 'dropped'>,
): Promise<string> {
  const reports = await listeners();
  const listenerText = ofListener.map(({ name, help, type, value }) => {
    const samples = reports.flatMap((report) => {
      const number = value(report);
      return number === undefined ? [] : [`{listener="${report.url}"} ${number}`];
    });
    return metricLines(`flowpact_listener_${name}`, help, type, samples);
  });
  const { records, dropped } = output;
  return [
    ...listenerText,
    prometheusText(accounting()),
    metricLines('flowpact_output_records_total', 'Records given to the output.', 'counter', [` ${records}`]),
    metricLines('flowpact_output_dropped_total', 'Records that the output dropped.', 'counter', [
      ` ${dropped}`,
    ]),
  ].join('');
}
