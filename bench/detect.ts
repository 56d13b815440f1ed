import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFlowDecoder, createLineReader } from '@flowpact/ipfix';
import {
  compileModuleFile,
  createDetector,
  type Detector,
  exportTraffic,
  generateTraffic,
  type LineSink,
  rowLine,
  runDetection,
  selectStatements,
} from 'flowpact';
import type { Benchmark } from './measure.ts';

/** FlowCEP's module 1: TCP scans in batches of a minute. */
const moduleFile = resolve(import.meta.dirname, '../../examples/flowcep/tcp-syn-scan.epl');
const flows = 1_000_000;

let folder = '';
let ipfixFile = '';
let linesFile = '';
let lineCount = 0;

/** Rows are made into lines, as the command does, and thrown away. */
const nowhere: LineSink = {
  open: true,
  dropped: 0,
  full: false,
  write: () => undefined,
  ready: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

async function detector(): Promise<Detector> {
  const made = createDetector({ module: await compileModuleFile(moduleFile) });
  made.onDetections(selectStatements(made, undefined), ({ statement, timeMs, rows }) => {
    for (const row of rows) nowhere.write(rowLine(statement, timeMs, row));
  });
  return made;
}

async function makeInput(): Promise<void> {
  if (folder !== '') return;
  folder = await mkdtemp(join(tmpdir(), 'flowpact-bench-'));
  ipfixFile = join(folder, 'flows.ipfix');
  linesFile = join(folder, 'flows.ndjson');
  const ipfix = await open(ipfixFile, 'w');
  const lines = await open(linesFile, 'w');
  let text = '';
  const decoder = createFlowDecoder(
    {},
    {
      reader: createLineReader(
        { style: 'ipfixcol' },
        {
          onLine(line) {
            text += `${line}\n`;
            lineCount++;
          },
        },
      ),
    },
  );
  const traffic = generateTraffic({ durationMs: 500_000, flowsPerSecond: flows / 500 });
  for (const message of exportTraffic(traffic.flows)) {
    await ipfix.write(message);
    if (lineCount < flows / 4) decoder.decode(message);
    if (text.length > 1 << 20) {
      await lines.write(text);
      text = '';
    }
  }
  await lines.write(text);
  await ipfix.close();
  await lines.close();
}

async function detect(input: Parameters<typeof runDetection>[0]['input']): Promise<number> {
  const made = await detector();
  await runDetection({
    detector: made,
    sink: nowhere,
    input,
    strict: true,
    signal: new AbortController().signal,
  });
  return made.counters.events;
}

const longRunFlows = 10_000_000;
const memory: { readonly flows: number; readonly rssBytes: number }[] = [];

/** Plays a minute of traffic again and again, each time a minute later. */
async function longRun(): Promise<number> {
  memory.length = 0;
  const made = await detector();
  let shiftMs = 0;
  const traffic = generateTraffic({ durationMs: 60_000, flowsPerSecond: 2_000, attacks: [] });
  const messages = [...exportTraffic(traffic.flows)];
  const decoder = createFlowDecoder({}, { reader: made.recordReader({ timeShiftMs: () => shiftMs }) });
  for (let marks = 1; made.counters.events < longRunFlows; shiftMs += 60_000) {
    for (const message of messages) decoder.decode(message);
    if (made.counters.events < marks * 1_000_000) continue;
    marks++;
    memory.push({ flows: made.counters.events, rssBytes: process.memoryUsage().rss });
  }
  return made.counters.events;
}

export const benchmarks: readonly Benchmark[] = [
  {
    id: 'detect/long-run-10m-flows',
    unit: 'flows',
    warmups: 0,
    repeats: 1,
    run: longRun,
    notes: () =>
      `resident memory after each million flows: ${memory.map(({ rssBytes }) => Math.round(rssBytes / 1e6)).join(', ')} MB`,
  },
  {
    id: 'detect/ipfix-file-module-1',
    unit: 'flows',
    setup: makeInput,
    run: () => detect({ kind: 'ipfix', files: [ipfixFile] }),
  },
  {
    id: 'detect/ndjson-module-1',
    unit: 'lines',
    setup: makeInput,
    run: () => detect({ kind: 'lines', file: linesFile }),
    teardown: () => rm(folder, { recursive: true, force: true }),
  },
];
