import { Counter, Gauge, Registry } from 'prom-client';
import type { DaemonReport } from '../daemon/daemon-report.ts';
import type { StatementReport } from '../daemon/detection-messages.ts';
import type { ThreadUsage } from '../daemon/thread-usage.ts';

/** One sample: its labels and its value. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const alertingHelp = {
  alerts: 'Messages promised to the partner.',
  gathered: 'Events that joined another in one message.',
  heldBack: 'Events that the rate limit held back for a digest.',
  withheld: 'Events that concern the partner and that it may not see.',
} as const;

/** Counters and gauges of the daemon in the text format of Prometheus, made anew of each report. */
export async function daemonMetrics(
  report: DaemonReport,
): Promise<{ readonly text: string; readonly contentType: string }> {
  const registry = new Registry();
  const write = (kind: 'counter' | 'gauge', name: string, help: string, samples: readonly Sample[]) => {
    const labelNames = Object.keys(samples[0]?.[0] ?? {});
    const config = { name: `flowpact_${name}`, help, labelNames, registers: [registry] };
    if (kind === 'counter') {
      const counter = new Counter(config);
      for (const [labels, value] of samples) counter.inc(labels, value);
    } else {
      const gauge = new Gauge(config);
      for (const [labels, value] of samples) gauge.set(labels, value);
    }
  };
  const counter = (name: string, help: string, samples: readonly Sample[]) =>
    write('counter', `${name}_total`, help, samples);
  const gauge = (name: string, help: string, samples: readonly Sample[]) =>
    write('gauge', name, help, samples);
  const { collector, detection, outputs } = report;

  gauge('start_time_seconds', 'When the daemon started, seconds since 1970.', [
    [{}, report.startedMs / 1000],
  ]);
  const listeners = (value: (listener: (typeof collector.listeners)[number]) => number): Sample[] =>
    collector.listeners.map((listener) => [{ listener: listener.url }, value(listener)]);
  counter(
    'listener_messages',
    'Messages received.',
    listeners(({ stats }) => stats.messages),
  );
  counter(
    'listener_octets',
    'Octets of these.',
    listeners(({ stats }) => stats.bytes),
  );
  gauge(
    'listener_sessions',
    'Exporters heard now.',
    listeners(({ stats }) => stats.openSessions),
  );
  counter(
    'listener_refused_sessions',
    'Exporters turned away.',
    listeners(({ stats }) => stats.refusedSessions),
  );
  counter(
    'listener_failed_sessions',
    'Sessions broken off.',
    listeners(({ stats }) => stats.failedSessions + stats.failedHandshakes),
  );
  counter(
    'listener_kernel_dropped_datagrams',
    'Datagrams dropped by the system because the receive buffer was full.',
    listeners(({ kernelDrops }) => kernelDrops),
  );
  const exporters = (value: (exporter: (typeof collector.exporters)[number]) => number): Sample[] =>
    collector.exporters.map((each) => [{ exporter: each.exporter }, value(each)]);
  counter(
    'exporter_messages',
    'Messages passed on to detection.',
    exporters(({ messages }) => messages),
  );
  counter(
    'exporter_octets',
    'Octets of these.',
    exporters(({ octets }) => octets),
  );
  counter(
    'exporter_dropped_datagrams',
    'Datagrams dropped because detection was slow.',
    exporters(({ dropped }) => dropped),
  );
  gauge('collection_held', 'Whether exporters with a connection are being held up.', [
    [{}, collector.held ? 1 : 0],
  ]);
  gauge('detection_waiting_batches', 'Batches that detection is not done with.', [
    [{}, collector.batchesUnderWay],
  ]);

  const { storage } = report;
  const threads = (value: (usage: ThreadUsage) => number | undefined): Sample[] =>
    Object.entries({ main: report, collector, detection, storage }).flatMap(([thread, part]) => {
      const found = part?.usage && value(part.usage);
      return found === undefined ? [] : [[{ thread }, found]];
    });
  gauge('resident_memory_octets', 'Of the whole process.', [[{}, report.residentOctets]]);
  counter(
    'thread_cpu_seconds',
    'CPU time of a thread, without that of collecting its garbage.',
    threads(({ cpuSeconds }) => cpuSeconds),
  );
  gauge(
    'thread_heap_octets',
    'Objects that a thread holds, garbage among them.',
    threads(({ heapOctets }) => heapOctets),
  );
  gauge(
    'thread_external_octets',
    'Buffers that a thread holds.',
    threads(({ externalOctets }) => externalOctets),
  );
  counter('records', 'Flow records decoded.', [[{}, detection.records]]);
  // Goes down where late messages come after all.
  gauge('lost_records', 'Flow records that never came, by their sequence numbers.', [
    [{}, detection.lostRecords],
  ]);
  counter('malformed_messages', 'Messages that could not be read.', [[{}, detection.malformedMessages]]);
  counter('unknown_template_sets', 'Data sets that had no template when they came.', [
    [{}, detection.unknownTemplateSets],
  ]);
  counter('dropped_findings', 'Events and rows dropped because the main thread was slow.', [
    [{}, detection.droppedFindings],
  ]);
  counter('dropped_archive_batches', 'Batches left out of the archive because it was slow.', [
    [{}, detection.droppedArchiveBatches],
  ]);
  const modules = (value: (module: (typeof detection.modules)[number]) => number): Sample[] =>
    detection.modules.map((module) => [{ module: module.name }, value(module)]);
  counter(
    'module_flows',
    'Flows given to the module.',
    modules(({ flows }) => flows),
  );
  counter(
    'module_flows_without_time',
    'Flows left out for want of a time.',
    modules(({ withoutTime }) => withoutTime),
  );
  counter(
    'module_errors',
    'Exceptions inside its statements.',
    modules(({ errors }) => errors),
  );
  gauge(
    'module_time_seconds',
    'Engine time, seconds since 1970.',
    modules(({ timeMs }) => timeMs / 1000),
  );
  const statements = (value: (statement: StatementReport) => number): Sample[] =>
    detection.modules.flatMap((module) =>
      module.statements.map((each): Sample => [{ module: module.name, statement: each.name }, value(each)]),
    );
  counter(
    'statement_rows',
    'Rows that the statement gave out.',
    statements(({ rows }) => rows),
  );
  counter(
    'statement_events',
    'Security events made of them.',
    statements(({ events }) => events),
  );
  counter(
    'statement_omitted_rows',
    'Rows of statements that feed others, not kept because they were too many.',
    statements(({ omittedRows }) => omittedRows),
  );
  gauge(
    'statement_held',
    'Events and groups that the statement holds.',
    statements(({ retained }) => retained),
  );
  counter(
    'statement_seconds',
    'Time spent in the statement, estimated from a share of the batches.',
    statements(({ timeSpentMs }) => timeSpentMs / 1000),
  );
  const sinks = (value: (output: (typeof outputs)[number]) => number): Sample[] =>
    outputs.map((output) => [{ output: output.name, to: output.to }, value(output)]);
  counter(
    'output_lines',
    'Lines, documents or messages given to the output.',
    sinks(({ lines }) => lines),
  );
  counter(
    'output_written',
    'Those that its receiver has, as far as the protocol lets know; also of an earlier run.',
    sinks(({ written }) => written),
  );
  gauge(
    'output_spooled',
    'Those that wait for its receiver.',
    sinks(({ spooled }) => spooled),
  );
  counter(
    'output_dropped',
    'Those that it lost: there was no room for them.',
    sinks(({ dropped }) => dropped),
  );
  counter(
    'output_rejected',
    'Those that its receiver will never take; they are in dead-letters.ndjson.',
    sinks(({ rejected }) => rejected),
  );
  counter(
    'output_failures',
    'Attempts to deliver that failed.',
    sinks(({ failed }) => failed),
  );
  gauge(
    'output_up',
    'Whether the last attempt to deliver went well.',
    sinks(({ state }) => (state === 'up' ? 1 : 0)),
  );
  if (report.storage !== undefined) {
    const { archive } = report.storage;
    counter('archive_flows', 'Flow records given to the archive.', [[{}, archive.flows]]);
    counter('archive_written_flows', 'Flow records that are in files.', [[{}, archive.written]]);
    counter('archive_dropped_flows', 'Flow records that found no room.', [[{}, archive.dropped]]);
    counter('archive_octets', 'Octets of the files.', [[{}, archive.bytes]]);
    counter('archive_failures', 'Writes that failed and were tried again.', [[{}, archive.failures]]);
  }
  if (report.store !== undefined) {
    counter('store_commits', 'Transactions on the disk.', [[{}, report.store.commits]]);
    counter('store_failed_writes', 'Writes that failed.', [[{}, report.store.failedWrites]]);
  }
  if (report.exchange !== undefined) {
    const { counts, alerting, falsePositives } = report.exchange;
    counter(
      'exchange_messages',
      'What happened in the exchange.',
      counts.map(({ partner, kind, count }) => [{ partner, what: kind }, count]),
    );
    counter(
      'statement_false_positives',
      'What statements found and partners called a false positive.',
      falsePositives.map(({ rule = '', partner, count }) => [{ statement: rule, partner }, count]),
    );
    for (const what of ['alerts', 'gathered', 'heldBack', 'withheld'] as const) {
      const name = what === 'heldBack' ? 'held_back' : what;
      const samples = alerting.map((each): Sample => [{ partner: each.partner }, each[what]]);
      counter(`alerting_${name}`, alertingHelp[what], samples);
    }
  }
  if (report.response !== undefined) {
    const { mode, mitigations, refusals, passedOver } = report.response;
    gauge('response_mode', 'How far rules may go: 1 for the mode that holds.', [[{ mode }, 1]]);
    gauge(
      'mitigations',
      'Mitigations in memory, those that have ended a short while ago among them.',
      mitigations.map(({ emitter, state, count }) => [{ emitter, state }, count]),
    );
    counter(
      'mitigation_refused_requests',
      'Requests of partners that were refused.',
      refusals.map(({ partner, count }) => [{ partner }, count]),
    );
    counter('mitigation_passed_over_events', 'Events that came while too many were being tried.', [
      [{}, passedOver],
    ]);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}
