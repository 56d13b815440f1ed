import type { DecoderStats, DomainStats } from '../message/decoder-stats.ts';
import { protocolNames, type SessionAccounting } from './session-accounting.ts';

type Labels = Readonly<Record<string, string | number>>;

interface Metric<T> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** Undefined: no sample. */
  value(stats: T): number | undefined;
}

const counter = <T>(name: string, help: string, value: (stats: T) => number): Metric<T> => ({
  name,
  help,
  type: 'counter',
  value,
});

const gauge = <T>(name: string, help: string, value: (stats: T) => number | undefined): Metric<T> => ({
  name,
  help,
  type: 'gauge',
  value,
});

const ofSession: readonly Metric<DecoderStats>[] = [
  counter('octets_total', 'Octets of messages received.', ({ octets }) => octets),
  counter('templates_total', 'Template records received, repeats included.', ({ templates }) => templates),
  counter(
    'template_withdrawals_total',
    'Templates withdrawn.',
    ({ templateWithdrawals }) => templateWithdrawals,
  ),
  counter('parked_sets_total', 'Data sets kept until their template comes.', ({ parkedSets }) => parkedSets),
  counter(
    'recovered_sets_total',
    'Parked sets read when their template came.',
    ({ recoveredSets }) => recoveredSets,
  ),
  counter('recovered_records_total', 'Records in these sets.', ({ recoveredRecords }) => recoveredRecords),
  counter('expired_sets_total', 'Parked sets given up.', ({ expiredSets }) => expiredSets),
  gauge('parked_bytes', 'Octets of the sets that wait now.', ({ parkedBytes }) => parkedBytes),
  counter(
    'malformed_messages_total',
    'Messages that are malformed.',
    ({ malformedMessages }) => malformedMessages,
  ),
  counter(
    'refused_messages_total',
    'Messages of too many observation domains.',
    ({ refusedMessages }) => refusedMessages,
  ),
  counter(
    'refused_templates_total',
    'Templates above a limit or without octets.',
    ({ refusedTemplates }) => refusedTemplates,
  ),
];

const ofDomain: readonly Metric<DomainStats>[] = [
  counter('messages_total', 'Messages received.', ({ messages }) => messages),
  counter('records_total', 'Data records received.', ({ records }) => records),
  counter('options_records_total', 'Options records received.', ({ optionsRecords }) => optionsRecords),
  counter(
    'sequence_gaps_total',
    'Times that the sequence number jumped ahead.',
    ({ sequenceGaps }) => sequenceGaps,
  ),
  // Goes down where late messages come after all, so that it is no counter.
  gauge(
    'lost_records',
    'Records sent that never came; estimated in NetFlow v9.',
    ({ lostRecords }) => lostRecords,
  ),
  counter(
    'late_messages_total',
    'Messages that came after ones sent later.',
    ({ lateMessages }) => lateMessages,
  ),
  counter(
    'repeated_messages_total',
    'Messages with a sequence number already seen.',
    ({ repeatedMessages }) => repeatedMessages,
  ),
  counter('sequence_resets_total', 'Restarts of the numbering.', ({ sequenceResets }) => sequenceResets),
  counter(
    'unknown_template_sets_total',
    'Data sets that came before their template.',
    ({ unknownTemplateSets }) => unknownTemplateSets,
  ),
  counter('malformed_sets_total', 'Sets that are malformed.', ({ malformedSets }) => malformedSets),
  gauge('clock_skew_seconds', 'How far the export time was behind the arrival.', ({ clockSkewMs }) =>
    clockSkewMs === undefined ? undefined : clockSkewMs / 1000,
  ),
];

const prefix = 'flowpact_ipfix_';

/** Label values as the exposition format has them: backslash, quote and line feed escaped. */
const escapeLabel = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(String(text))}"`);
  return `${prefix}${name}{${pairs.join(',')}} ${value}`;
}

function metricLines<T>(
  { name, help, type, value }: Metric<T>,
  all: readonly (readonly [Labels, T])[],
): string[] {
  const samples = all.flatMap(([labels, stats]) => {
    const number = value(stats);
    return number === undefined ? [] : [sampleLine(name, labels, number)];
  });
  return samples.length === 0
    ? []
    : [`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} ${type}`, ...samples];
}

/**
 * The accounting in the text format of Prometheus 0.0.4, one line a sample, ending with a line feed. Labels are
 * `exporter`, and for domains `protocol` and `domain`; issues have `code`. Two sessions of the same exporter name would
 * be two samples of one series: name them apart.
 */
export function prometheusText(sessions: readonly SessionAccounting[]): string {
  const bySession = sessions.map(({ exporter, stats }) => [{ exporter }, stats] as const);
  const byDomain = sessions.flatMap(({ exporter, stats }) =>
    [...stats.domains.values()].map((domain) => {
      const labels = {
        exporter,
        protocol: protocolNames[domain.version],
        domain: domain.observationDomainId,
      };
      return [labels, domain] as const;
    }),
  );
  const byIssue = sessions.flatMap(({ exporter, stats }) =>
    Object.entries(stats.issues).map(([code, times]) => [{ exporter, code }, times] as const),
  );
  const issues = counter('issues_total', 'What was wrong, by reason.', (times: number) => times);
  return [
    ...ofSession.flatMap((metric) => metricLines(metric, bySession)),
    ...ofDomain.flatMap((metric) => metricLines(metric, byDomain)),
    ...metricLines(issues, byIssue),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
