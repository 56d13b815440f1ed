/**
 * Runs one workload in a process of its own: `node epl-child.js ID RUNS` prints one JSON object a run. CPU time is that
 * of the whole process, garbage collection and JIT included, without start-up: the engine is loaded, the statements are
 * compiled and the events are in memory before it is taken.
 */
import { compile, createRuntime, formatDiagnostic } from '@flowpact/epl';
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

function run(workload: Workload, module: Module, input: Input): Run {
  const { id, rows, perMillisecond } = workload;
  const { types, events } = input;
  globalThis.gc?.();
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
  return {
    rows: count,
    cpuSeconds: (user + system) / 1e6,
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

function main([id, runs]: readonly string[]): void {
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
  const input = draw(workload, compiled.module);
  for (let i = 0; i < Number(runs); i++) print(run(workload, compiled.module, input));
}

main(process.argv.slice(2));
