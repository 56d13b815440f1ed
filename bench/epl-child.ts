/**
 * Runs one workload in a process of its own: `node epl-child.js ID RUNS` prints one JSON object a run. CPU time is that
 * of the whole process, garbage collection and JIT included, without start-up: the engine is loaded, the statements are
 * compiled and the events are in memory before it is taken. The first run pays for the JIT.
 */
import { setTimeout } from 'node:timers/promises';
import { compile, createRuntime, formatDiagnostic, type Runtime } from '@flowpact/epl';
import { randomNumbers, startMs, type Workload, workloads } from './epl-workloads.ts';

/** What one run of a workload has shown; `refused` says why it cannot run. */
export type Run =
  | {
      readonly rows: number;
      readonly cpuSeconds: number;
      /** Peak resident set of the process so far, bytes. */
      readonly peakRss: number;
    }
  | { readonly refused: string };

type Module = Extract<ReturnType<typeof compile>, { readonly ok: true }>['module'];

/** Events as instances of their types, and the number of the type of each. */
interface Input {
  readonly types: Uint8Array;
  readonly events: readonly object[];
}

function draw({ types, events }: Workload, module: Module): Input {
  const random = randomNumbers();
  const classes = types.map(({ name }) => module.eventTypes.find((type) => type.name === name)!.Instance);
  const drawn = new Uint8Array(events);
  const instances: object[] = [];
  for (let i = 0; i < events; i++) {
    const type = types.length === 1 ? 0 : random(types.length);
    const event = new classes[type]() as Record<string, unknown>;
    for (const field of types[type].draws) {
      if (field.kind === 'text') event[field.name] = `${field.prefix}${random(field.below)}`;
      else if (field.kind === 'number') event[field.name] = field.from + random(field.below);
      else event[field.name] = field.of[random(field.of.length)];
    }
    drawn[i] = type;
    instances.push(event);
  }
  return { types: drawn, events: instances };
}

/** V8 sweeps behind a collection in threads of its own: what was there before a run is not for the run to pay. */
const sweepMs = 250;

/** What all runs of a process have in common. */
interface Setting {
  readonly workload: Workload;
  readonly module: Module;
  readonly input: Input;
  /**
   * The runtime of the run before. With the last object of a kind V8 gives up the code that it has made for the kind,
   * so that without it every run would begin cold. A runtime that goes on keeps its code, as Java does in any case.
   */
  kept: Runtime | undefined;
}

async function run(setting: Setting): Promise<Run> {
  const { workload, module, input } = setting;
  const { id, rows, perMillisecond } = workload;
  const { types, events } = input;
  globalThis.gc?.();
  await setTimeout(sweepMs);
  const before = process.cpuUsage();
  const runtime = createRuntime({ startTimeMs: startMs });
  let count = 0;
  runtime
    .deploy(module)
    .statement('out')!
    .addListener(({ newRows, oldRows }) => {
      count += newRows.length + oldRows.length;
    });
  runtime.onStatementError(({ error }) => {
    throw error;
  });
  const senders = workload.types.map(({ name }) => runtime.sender(name));
  let left = 0;
  let nowMs = startMs;
  for (let i = 0; i < events.length; i++) {
    if (left === 0) {
      runtime.advanceTime(nowMs++);
      left = perMillisecond;
    }
    left--;
    senders[types[i]].sendInstance(events[i]);
  }
  const { user, system } = process.cpuUsage(before);
  if (count !== rows) throw new Error(`${id}: ${count} rows instead of ${rows}: something else was measured`);
  setting.kept = runtime;
  return {
    rows: count,
    cpuSeconds: (user + system) / 1e6,
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

async function main([id, runs]: readonly string[]): Promise<void> {
  const workload = workloads.find((other) => other.id === id);
  if (workload === undefined) throw new Error(`no such workload: ${id}`);
  const compiled = compile(workload.epl);
  const print = (result: Run) => console.log(JSON.stringify(result));
  if (!compiled.ok) {
    const notYet = compiled.diagnostics.every(({ code }) => code === 'EPL_NOT_SUPPORTED');
    if (!notYet) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
    print({ refused: compiled.diagnostics[0].message });
    return;
  }
  const { module } = compiled;
  const setting: Setting = { workload, module, input: draw(workload, module), kept: undefined };
  for (let i = 0; i < Number(runs); i++) print(await run(setting));
}

await main(process.argv.slice(2));
