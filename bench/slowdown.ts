import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTcpExporter } from '@flowpact/ipfix';
import { exportTraffic, generateTraffic } from 'flowpact';
import { startDaemonProcess } from './daemon-process.ts';

const repeats = 5;
const allowed = 1.1;
/** Of the traffic's own time, sent as fast as it is taken. */
const minutes = 10;
const flowsPerSecond = 1000;

/** What collection and detection cost, CPU seconds of their two threads a million flows: bare, and with all that looks on. */
const variants = {
  'nothing kept, nobody watching': 'store: { enabled: false, flows: false, stageRowsPerSecond: 0 }',
  'all kept, a page watching': 'store: {}',
};

/** Whether storing and watching slow collection and detection by no more than a tenth. */
export async function run(
  _options: ReadonlyMap<string, number>,
  print: (line: string) => void,
): Promise<boolean> {
  const { flows } = generateTraffic({ durationMs: minutes * 60_000, flowsPerSecond });
  const messages = [...exportTraffic(flows)];
  const costs = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
  // In turns, so that what the neighbours do meets both alike.
  for (let i = 0; i < repeats; i++) {
    for (const [name, store] of Object.entries(variants)) {
      costs
        .get(name)
        ?.push(await costOf(messages, store, name.includes('watching') && !name.includes('nobody')));
    }
  }
  const medians = [...costs].map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b);
    const median = sorted[repeats >> 1];
    print(
      `${name.padEnd(32)} ${median.toFixed(2)} CPU s a million flows (${sorted[0].toFixed(2)} … ${sorted[repeats - 1].toFixed(2)})`,
    );
    return median;
  });
  const factor = medians[1] / medians[0];
  const passed = factor <= allowed;
  print(
    `${passed ? 'ok    ' : 'FAILED'}  storing and watching cost collection and detection ${((factor - 1) * 100).toFixed(1)} %`,
  );
  return passed;
}

/** CPU seconds of the collector and the detection thread, a million flows. */
async function costOf(messages: readonly Uint8Array[], store: string, isWatched: boolean): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'flowpact-slowdown-'));
  const daemon = await startDaemonProcess(
    folder,
    `
collectors:
  - listen: tcp://127.0.0.1:0
modules:
  - file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'
http: { listen: 127.0.0.1:0, requestsPerSecond: 1000, burst: 1000 }
${store}
`,
  );
  const watching = new AbortController();
  try {
    if (isWatched) void watch(daemon.url, watching.signal);
    const cpu = async () =>
      (await daemon.metric('flowpact_thread_cpu_seconds_total{thread="collector"}')) +
      (await daemon.metric('flowpact_thread_cpu_seconds_total{thread="detection"}'));
    const before = await cpu();
    const exporter = createTcpExporter({ host: '127.0.0.1', port: daemon.collectorPort });
    await exporter.start();
    for (const message of messages) await exporter.send(message);
    await exporter.stop();
    let records = 0;
    for (let last = -1; records !== last; ) {
      last = records;
      await new Promise((resolve) => setTimeout(resolve, 500));
      records = await daemon.metric('flowpact_records_total');
    }
    return ((await cpu()) - before) / (records / 1e6);
  } finally {
    watching.abort();
    await daemon.kill('SIGTERM');
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Asks what an open page asks: the stream, and its lists every two seconds. */
async function watch(url: string, signal: AbortSignal): Promise<void> {
  const quiet = () => undefined;
  const stream = fetch(`${url}api/stream`, { signal }).then((response) => response.text());
  stream.catch(quiet);
  while (!signal.aborted) {
    for (const path of [
      'traffic?buckets=240',
      'events?limit=20',
      'detections?limit=50',
      'detections/summary',
      'modules',
      'exporters',
    ]) {
      await fetch(`${url}api/${path}`, { signal }).then((response) => response.arrayBuffer(), quiet);
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}
