/**
 * The EPL workloads, each in processes of its own. A process runs a workload once cold and five times warm; CPU time is
 * that of the whole process without start-up (see `epl-child.ts`). Where Java and Maven are found, Esper 9 from Maven
 * Central runs the same workloads in between, with the same events and measured in the same way.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Run } from './epl-child.ts';
import { buildEsper, runOnEsper } from './epl-esper.ts';
import { type Workload, workloads } from './epl-workloads.ts';

const warmRuns = 5;

/** How fast one engine ran a workload. */
interface Rates {
  /** Median of the warm runs. */
  readonly eventsPerCpuSecond: number;
  readonly lowest: number;
  readonly highest: number;
  /** The first run of the process: it pays for the JIT. */
  readonly cold: number;
  /** Peak resident set of the process up to the end of the first run, the events in memory included, bytes. */
  readonly peakRss: number;
}

/** One line of `--json`: a workload that ran, or why it cannot. */
export type EplMeasurement =
  | ({ readonly id: string; readonly events: number; readonly rows: number } & Rates & {
        readonly esper?: Rates & { readonly ratio: number; readonly coldRatio: number };
      })
  | { readonly id: string; readonly refused: string };

/** Measures the workloads of these names, or all. */
export function* measurements(names: readonly string[]): Iterable<EplMeasurement> {
  const chosen = names.length === 0 ? workloads : workloads.filter(({ id }) => names.includes(id));
  if (chosen.length < names.length)
    throw new Error(`the workloads are ${workloads.map(({ id }) => id).join(', ')}`);
  const besideEsper = buildEsper();
  for (const workload of chosen) yield measured(workload, besideEsper);
}

export function printed(measurement: EplMeasurement): string {
  const name = `epl/${measurement.id}`.padEnd(14);
  if ('refused' in measurement) return `${name} ${measurement.refused}`;
  const { eventsPerCpuSecond, lowest, highest, cold, peakRss, esper } = measurement;
  const rates = `${millions(eventsPerCpuSecond)} M events/CPU s (${millions(lowest)} … ${millions(highest)}; cold ${millions(cold)}; peak RSS ${megabytes(peakRss)} MB)`;
  if (esper === undefined) return `${name} ${rates}`;
  return `${name} ${rates}  Esper 9: ${millions(esper.eventsPerCpuSecond)} (cold ${millions(esper.cold)}; ${megabytes(esper.peakRss)} MB)  × ${esper.ratio.toFixed(1)} (cold × ${esper.coldRatio.toFixed(1)})`;
}

function measured(workload: Workload, besideEsper: boolean): EplMeasurement {
  const { id, events, rows } = workload;
  const here = runs(workload, runHere(workload));
  if ('refused' in here) return { id, refused: here.refused };
  const rates = ratesOf(events, here.runs);
  if (!besideEsper) return { id, events, rows, ...rates };
  const there = runs(workload, runOnEsper(workload, 1 + warmRuns));
  if ('refused' in there) throw new Error(there.refused);
  const esper = ratesOf(events, there.runs);
  const ratio = rates.eventsPerCpuSecond / esper.eventsPerCpuSecond;
  return { id, events, rows, ...rates, esper: { ...esper, ratio, coldRatio: rates.cold / esper.cold } };
}

type Done = Exclude<Run, { readonly refused: string }>;

function runHere({ id }: Workload): string {
  const child = join(import.meta.dirname, 'epl-child.js');
  const args = ['--expose-gc', child, id, String(1 + warmRuns)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${id}: ${stderr}`);
  return stdout;
}

/** The runs that a process printed, their rows checked. */
function runs(
  { id, rows }: Workload,
  output: string,
): { readonly runs: Done[] } | { readonly refused: string } {
  const lines = output.trim().split('\n');
  const done: Done[] = [];
  for (const line of lines) {
    const run = JSON.parse(line) as Run;
    if ('refused' in run) return run;
    if (run.rows !== rows)
      throw new Error(`${id}: ${run.rows} rows instead of ${rows}: something else was measured`);
    done.push(run);
  }
  return { runs: done };
}

function ratesOf(events: number, [first, ...warm]: readonly Done[]): Rates {
  const rates = warm.map(({ cpuSeconds }) => events / cpuSeconds).sort((a, b) => a - b);
  return {
    eventsPerCpuSecond: rates[rates.length >> 1],
    lowest: rates[0],
    highest: rates[rates.length - 1],
    cold: events / first.cpuSeconds,
    peakRss: first.peakRss,
  };
}

const millions = (rate: number): string => (rate / 1e6).toFixed(2);
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
